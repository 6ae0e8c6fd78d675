"""Write the named files as C strings: embed.py OUTPUT SYMBOL=FILE…"""
import sys

with open(sys.argv[1], "w", encoding="ascii") as out:
    for pair in sys.argv[2:]:
        symbol, path = pair.split("=", 1)
        data = open(path, "rb").read()
        out.write(f"extern const char {symbol}[];\nconst char {symbol}[] = {{\n")
        for i in range(0, len(data), 16):
            out.write("\t" + ", ".join(str(b) for b in data[i : i + 16]) + ",\n")
        out.write("\t0};\n")
