function count(text { }
