// Package lang says what people read in their language: English, German, French,
// Italian or Spanish.
//
// The English sentence stands in the code and is the key of its translations, so
// that code reads as what it says and a missing translation shows as English:
//
//	lang.T("Paused since %s", at)                      one sentence
//	lang.N(n, "%d missed call", "%d missed calls", n)  one that counts
//	lang.Errorf("%s is not a file: remove it", path)   an error that a person reads
//
// An error speaks English in the log ([error].Error) and the reader's language on
// the screen ([Sentence]). The files are in assets/translations; the test of this
// package reads the source of the whole program and names what a file lacks and
// what is not said any more.
//
// An app speaks one language, which [Use] chooses; a server makes a [Voice] for
// each reader.
package lang
