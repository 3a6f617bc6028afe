from servicesim.exports.report.words_en import ENGLISH

HEBREW = ENGLISH
