module.exports = {
  count: async (text) => {
    const found = new Map();
    for (const word of text.split(' ').filter(Boolean)) found.set(word, (found.get(word) ?? 0) + 1);
    return found;
  },
};
