"""A task system and receivers of webhooks, and everything that can go wrong with them: nothing
is lost, nothing happens twice, a line of the log names the cause, a task's order is kept."""
import re
import unittest

from congvan import SOURCE, Gateway
from documents import directive, reply
from fake_receivers import TOKEN, HookReceiver, TaskSystem, new_secret

# What the system does instead of answering well, and what the log says of it.
TROUBLES = {
    "slow": ("slow", "no answer within 1 s"),
    "slow after the head": ({"slow after": 3}, "no whole answer within 1 s"),
    "half an answer": ("half", r"the connection was cut after \d+ of \d+ bytes"),
    "cut in the middle": ({"cut": 2}, "the connection was cut after 2 of"),
    "cut before the answer": ("no answer", "the connection was closed without an answer"),
    "500 and then 200": (500, "HTTP 500"),
    "429 with Retry-After": ((429, {"Retry-After": "1"}), "HTTP 429"),
    "wrong JSON": ("wrong json", "HTTP 200, but the answer cannot be read as JSON"),
    "no HTTP": ("not http", "the answer is not HTTP"),
}
HOOK = """\
  - name: hook
    type: webhook
    direction: out
    url: {url}/hooks/do-not-show
    secret_env: HOOK_SECRET
    timeout_s: 1
    {more}
"""
SECRET = new_secret()
MORE = "events: [task.assigned, task.completed]"  # without reminders, whose hour may be now


class HttpSinks(unittest.TestCase):
    def serve(self, *receivers, more=""):
        """A gateway that tells them."""
        text = ""
        for receiver in receivers:
            self.addCleanup(receiver.close)
            text += receiver.adapter(more) if isinstance(receiver, TaskSystem) else \
                HOOK.format(url=receiver.url, more=more)
        gateway = Gateway(more=text)
        self.addCleanup(gateway.__exit__)
        self.give(gateway)
        return gateway

    @staticmethod
    def give(gateway):
        gateway.give(TASKS_TOKEN=TOKEN, HOOK_SECRET=SECRET)
        gateway.secrets.append("do-not-show")  # of an address

    def story(self, gateway, number=1):
        """A letter, and later its answer."""
        gateway.drop(f"letter-{number}.edxml", directive(number))
        gateway.wait_until(lambda: gateway.told("task.assigned"))
        gateway.drop(f"answer-{number}.edxml", reply(number))

    def assert_logged(self, gateway, event, words):
        lines = [line for line in gateway.log if line.startswith(event)]
        self.assertTrue([line for line in lines if re.search(words, line)],
                        "\n".join([words, *gateway.log]))

    # --- the task system ----------------------------------------------------------------

    def test_a_task_is_made_there_and_closed_under_their_own_id(self):
        tasks = TaskSystem()
        gateway = self.serve(tasks)
        gateway.start()
        self.story(gateway)
        gateway.wait_settled()
        self.assertEqual(tasks.history("NV-1"), [1, 4])
        first, second = tasks.asked("POST")[0], tasks.asked("PUT")[0]
        self.assertEqual(first.path, "/api/do-not-show/tasks?unit=H99.05")
        self.assertEqual(first.json, {"ref": "NV-1", "content": "Rà soát.", "state": 1,
                                      "due": "10/12/2025"})
        self.assertEqual(second.path, "/api/do-not-show/tasks/T%2F1")
        self.assertEqual(second.json, {"state": 4, "name": "task.completed"})
        self.assertEqual(gateway.stop(), 0)
        tasks.check()
        gateway.check_unseen()

    def test_whatever_goes_wrong_happens_once_and_in_order(self):
        for name, (trouble, words) in TROUBLES.items():
            with self.subTest(name):
                tasks = TaskSystem()
                gateway = self.serve(tasks)
                tasks.trouble(trouble)
                gateway.start()
                self.story(gateway)
                gateway.wait_settled()
                self.assertEqual(tasks.history("NV-1"), [1, 4])
                self.assert_logged(
                    gateway, "info event-deferred adapter=tasks event=H99-", words)
                keys = [request.headers["idempotency-key"] for request in tasks.requests]
                self.assertEqual(keys[0], keys[1])
                self.assertEqual(len(set(keys)), 2)
                self.assertEqual(gateway.stop(), 0)
                tasks.check()
                gateway.check_unseen()

    def test_an_expired_certificate_is_named_and_a_new_one_mends_it(self):
        tasks = TaskSystem(certificate="expired")
        gateway = self.serve(tasks)
        gateway.start()
        gateway.drop("letter.edxml", directive(1))
        gateway.wait_until(lambda: gateway.logged("info event-deferred"))
        self.assert_logged(gateway, "info event-deferred adapter=tasks",
                           "127.0.0.1:[0-9]+: the certificate has expired")
        self.assertEqual(tasks.history("NV-1"), [])
        tasks.certificate = "good"
        gateway.wait_settled()
        self.assertEqual(tasks.history("NV-1"), [1])
        gateway.check_unseen()

    def test_what_was_done_before_a_kill_is_not_done_again(self):
        tasks = TaskSystem()
        gateway = self.serve(tasks)
        tasks.trouble("slow")
        gateway.start()
        gateway.drop("letter.edxml", directive(1))
        gateway.wait_until(lambda: tasks.history("NV-1"))
        gateway.kill()
        gateway.start()
        gateway.drop("answer.edxml", reply(1))
        gateway.wait_settled()
        self.assertEqual(tasks.history("NV-1"), [1, 4])
        keys = [request.headers["idempotency-key"] for request in tasks.asked("POST")]
        self.assertEqual(len(keys), 2)
        self.assertEqual(keys[0], keys[1])

    def test_what_is_refused_is_a_dead_letter_and_the_rest_goes_on(self):
        tasks = TaskSystem()
        gateway = self.serve(tasks)
        tasks.trouble(422)
        gateway.start()
        gateway.drop("letter-1.edxml", directive(1))
        gateway.wait_until(lambda: gateway.logged("warning dead-letter"))
        gateway.drop("letter-2.edxml", directive(2))
        gateway.wait_settled()
        self.assert_logged(gateway, "warning dead-letter adapter=tasks", "HTTP 422")
        self.assertEqual(tasks.history("NV-1"), [])
        self.assertEqual(tasks.history("NV-2"), [1])
        # Its answer asks for an id that was never told: refused before it is sent.
        gateway.drop("answer-1.edxml", reply(1))
        gateway.wait_settled()
        self.assertFalse(tasks.asked("PUT"))
        self.assert_logged(gateway, "warning dead-letter adapter=tasks",
                           "known_as: is not known")
        gateway.check_unseen()

    def test_a_slow_task_holds_up_no_other(self):
        tasks = TaskSystem()
        gateway = self.serve(tasks, more="in_flight: 2")
        tasks.trouble("slow")
        gateway.start()
        for number in range(1, 6):
            gateway.drop(f"letter-{number}.edxml", directive(number))
        gateway.wait_settled()
        for number in range(1, 6):
            self.assertEqual(tasks.history(f"NV-{number}"), [1])

    def test_whether_it_answers_is_asked_without_changing_anything(self):
        tasks = TaskSystem()
        gateway = self.serve(tasks)
        line = next(line for line in gateway.command("check", "--connect").lines
                    if line.get("adapter") == "tasks")
        self.assertEqual(line, {"adapter": "tasks", "peer": tasks.url, "ok": True,
                                "message": "answers (HTTP 404)"})
        self.assertEqual([request.method for request in tasks.requests], ["HEAD"])
        tasks.close()
        done = gateway.command("check", "--connect")
        self.assertEqual(done.code, 69)
        self.assertIn("cannot connect", done.stdout)
        self.assertNotIn("do-not-show", done.stdout)

    # --- webhooks -------------------------------------------------------------------------

    def test_a_webhook_is_signed_over_the_bytes_that_come(self):
        hook = HookReceiver(SECRET)
        gateway = self.serve(hook)
        gateway.start()
        self.story(gateway)
        gateway.wait_settled()
        names = hook.names("NV-1")
        self.assertEqual((names[0], names[-1]), ("task.assigned", "task.completed"))
        self.assertCountEqual(hook.events, gateway.events())
        hook.check()
        gateway.check_unseen()

    def test_a_webhook_meets_trouble_once_in_effect_and_with_the_same_id(self):
        for name, (trouble, words) in TROUBLES.items():
            if name in ("wrong JSON", "slow after the head", "half an answer",
                        "cut in the middle"):
                continue  # there is no body to spoil: 204
            with self.subTest(name):
                hook = HookReceiver(SECRET)
                gateway = self.serve(hook, more=MORE)
                hook.trouble(trouble)
                gateway.start()
                self.story(gateway)
                gateway.wait_settled()
                self.assertEqual(hook.names("NV-1"), ["task.assigned", "task.completed"])
                self.assert_logged(
                    gateway, "info event-deferred adapter=hook event=H99-", words)
                self.assertEqual(len({request.headers["webhook-id"]
                                      for request in hook.requests}), 2)
                hook.check()
                gateway.check_unseen()

    def test_a_receiver_that_is_gone_stops_its_sink_until_it_is_resumed(self):
        hook = HookReceiver(SECRET)
        gateway = self.serve(hook, more=MORE)
        hook.trouble(410)
        gateway.start()
        gateway.drop("letter.edxml", directive(1))
        gateway.wait_until(lambda: gateway.logged("warning sink-stopped"))
        self.assert_logged(gateway, "warning sink-stopped adapter=hook",
                           "HTTP 410: the receiver wants no more")
        gateway.drop("answer.edxml", reply(1))
        gateway.wait_until(lambda: gateway.told("task.completed"))
        self.assertEqual(len(hook.requests), 1)
        self.assertEqual(gateway.command("sink", "resume", "hook").code, 0)
        gateway.wait_settled()
        self.assertEqual(hook.names("NV-1"), ["task.assigned", "task.completed"])

    def test_while_the_secret_is_changed_both_sign(self):
        new = new_secret()
        for known in (SECRET, new):
            hook = HookReceiver(known)
            gateway = self.serve(hook, more=MORE + "\n    previous_secret_env: HOOK_SECRET_OLD")
            gateway.give(HOOK_SECRET=new, HOOK_SECRET_OLD=SECRET)
            gateway.start()
            gateway.drop("letter.edxml", directive(1))
            gateway.wait_settled()
            self.assertEqual(hook.names("NV-1"), ["task.assigned"])
            hook.check()

    # --- the manual -----------------------------------------------------------------------

    def blocks(self, language):
        text = (SOURCE / "docs/connect-task-system.md").read_text()
        return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)

    def test_the_manuals_ten_lines_verify_what_is_sent(self):
        hook = HookReceiver(SECRET)
        gateway = self.serve(hook, more=MORE)
        gateway.start()
        gateway.drop("letter.edxml", directive(1))
        gateway.wait_settled()
        manual = {}
        exec(self.blocks("python")[0], manual)  # pylint: disable=exec-used
        request, verify = hook.requests[0], manual["verify"]
        sent = int(request.headers["webhook-timestamp"])
        self.assertTrue(verify(request.headers, request.body, SECRET))
        self.assertFalse(verify(request.headers, request.body + b" ", SECRET))
        self.assertFalse(verify(request.headers, request.body, new_secret()))
        self.assertFalse(verify(request.headers, request.body, SECRET, now=sent + 301))
        other = {**request.headers, "webhook-id": "H99-other"}
        self.assertFalse(verify(other, request.body, SECRET))

    def test_the_manuals_configurations_are_right(self):
        gateway = Gateway()
        self.addCleanup(gateway.__exit__)
        self.give(gateway)
        for text in self.blocks("yaml"):
            gateway.config.write_text(text)
            done = gateway.command("check")
            self.assertEqual((done.code, done.stderr), (0, ""), done.stdout)


if __name__ == "__main__":
    unittest.main()
