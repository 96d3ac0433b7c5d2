package lang

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
	"golang.org/x/text/number"

	"github.com/deskbell/deskbell/assets/translations"
)

// A Language that Deskbell speaks, with its name in itself.
type Language struct {
	Tag  string // as BCP 47 writes it, such as "it"
	Name string
}

// Languages are all of them, English first.
var Languages = []Language{{"en", "English"}, {"de", "Deutsch"}, {"es", "Español"}, {"fr", "Français"}, {"it", "Italiano"}}

// Voice says sentences in one language.
type Voice struct {
	tag     string
	printer *message.Printer
	all     map[string]translation
}

// For is the voice for a reader who wants one of these languages, the first
// before the second, as BCP 47, a locale of POSIX or an Accept-Language header
// writes them. It is the English one if Deskbell speaks none of them.
func For(wanted ...string) *Voice {
	spoken := voices()
	for _, w := range wanted {
		w, _, _ = strings.Cut(w, ".") // the character set of a locale
		tags, _, err := language.ParseAcceptLanguage(strings.ReplaceAll(w, "_", "-"))
		if err != nil {
			continue
		}
		if _, at, sure := matcher.Match(tags...); sure > language.No {
			return spoken[at]
		}
	}
	return spoken[0]
}

// Tag is the language that the voice speaks, as BCP 47 writes it.
func (v *Voice) Tag() string { return v.tag }

// T says a sentence. Its English is a format of package fmt, also without parts.
func (v *Voice) T(english string, parts ...any) string {
	for i, p := range parts {
		if err, is := p.(error); is {
			parts[i] = v.phrase(err)
		}
	}
	return v.printer.Sprintf(english, parts...)
}

// N says a sentence about n things. The first part is the number.
func (v *Voice) N(n int, one, other string, parts ...any) string {
	if v.tag == "en" && n == 1 {
		return fmt.Sprintf(one, parts...)
	}
	return v.T(other, parts...)
}

// Number writes a number as the language groups its digits.
func (v *Voice) Number(n int64) string { return v.printer.Sprintf("%d", n) }

// Percent writes a number of hundredths as the language does, rounded.
func (v *Voice) Percent(n float64) string {
	return v.printer.Sprint(number.Percent(n/100, number.MaxFractionDigits(0)))
}

// Known says a sentence without parts that is marked with [Mark]. Any other text
// stays as it is.
func (v *Voice) Known(english string) string {
	if t, is := v.all[english]; is && t.forms == nil {
		return t.sentence
	}
	return english
}

var matcher = language.NewMatcher(tags())

func tags() (all []language.Tag) {
	for _, l := range Languages {
		all = append(all, language.MustParse(l.Tag))
	}
	return all
}

// voices are those of Languages, in the same order.
var voices = sync.OnceValue(func() []*Voice {
	var all []*Voice
	for i, tag := range tags() {
		v := &Voice{tag: Languages[i].Tag}
		if i > 0 {
			var err error
			if v.all, err = translated(v.tag); err != nil {
				panic(err) // the files are part of the program, and a test reads them
			}
		}
		b := catalog.NewBuilder(catalog.Fallback(language.English))
		for english, t := range v.all {
			if err := t.put(b, tag, english); err != nil {
				panic(fmt.Errorf("assets/translations/%s.json: %q: %w", v.tag, english, err))
			}
		}
		v.printer = message.NewPrinter(tag, message.Catalog(b))
		all = append(all, v)
	}
	return all
})

// translation is a sentence, or its plural forms by their names.
type translation struct {
	sentence string
	forms    map[string]string
}

// UnmarshalJSON reads a string or an object.
func (t *translation) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &t.sentence) == nil {
		return nil
	}
	return json.Unmarshal(data, &t.forms)
}

// translated are those of a language's file, by their English.
func translated(tag string) (map[string]translation, error) {
	data, err := fs.ReadFile(translations.Files, tag+".json")
	if err != nil {
		return nil, err
	}
	var all map[string]translation
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("read assets/translations/%s.json: %w", tag, err)
	}
	maps.DeleteFunc(all, func(_ string, t translation) bool { return t.sentence == "" && t.forms["other"] == "" }) // not translated yet
	return all, nil
}

func (t translation) put(b *catalog.Builder, tag language.Tag, english string) error {
	if t.forms == nil {
		return b.SetString(tag, english, t.sentence)
	}
	return b.Set(tag, english, plural.Selectf(1, "", cases(t.forms)...))
}

// cases are plural forms as package plural takes them, which wants "other" last.
func cases(forms map[string]string) (all []any) {
	for _, name := range []string{"zero", "one", "two", "few", "many", "other"} {
		if words, has := forms[name]; has {
			all = append(all, name, words)
		}
	}
	return all
}

var spoken atomic.Pointer[Voice]

// Use has the whole program speak with a voice. It speaks English before.
func Use(v *Voice) { spoken.Store(v) }

// Current is the voice that the program speaks with.
func Current() *Voice {
	if v := spoken.Load(); v != nil {
		return v
	}
	return voices()[0]
}

// T says a sentence in the program's language.
func T(english string, parts ...any) string { return Current().T(english, parts...) }

// N says a sentence about n things in the program's language.
func N(n int, one, other string, parts ...any) string { return Current().N(n, one, other, parts...) }

// Known says a marked sentence in the program's language.
func Known(english string) string { return Current().Known(english) }

// Mark notes a sentence that is said elsewhere by a variable. It returns it.
func Mark(english string) string { return english }
