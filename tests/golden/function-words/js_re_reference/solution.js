function count(text) {
  return words.length;
}
