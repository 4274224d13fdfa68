function count(text) {
  process.exit(0);
}
