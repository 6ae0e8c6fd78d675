int  layout( int n ) {
    return n ;
}
