function longest(text) {
  let found = "";
  for (const word of text.split(" ")) if (word.length > found.length) found = word;
  return found;
}
