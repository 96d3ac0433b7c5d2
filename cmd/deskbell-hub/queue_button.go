package main

import (
	"strings"

	"github.com/spf13/pflag"

	"github.com/deskbell/deskbell/internal/hub"
)

// buttonFlags are the options of a queue's web button.
func buttonFlags(f *pflag.FlagSet) (changes func(*pflag.FlagSet) *hub.ButtonChange) {
	on := f.Bool("button", false, "the web button: customers of the sites press it and wait at HUB/button/QUEUE; see docs/button.md")
	fields := f.StringArray("button-field", nil, "a field of its form: name, email, phone, subject, consent or your own (order='Order number'); a star for one that must be filled in: 'name*'. Several times; '' for the usual ones")
	texts := f.StringArray("button-text", nil, "an own text: label=…, title, intro, consent, waiting, back or note, in one language as title.it=…; several times, and title= for Deskbell's again")
	topic := f.String("button-topic", "", "the topic of its meetings (default: what the customer wrote as the subject, else the queue's name)")
	metadata := f.StringArray("button-metadata", nil, "a key of its meetings' metadata and the field it is taken from: KEY=FIELD, or KEY==TEXT; several times; '' for all fields")
	back := f.String("button-return", "", "where customers go when the meeting has ended (guestRedirectionUrl)")
	sites := f.StringSlice("button-sites", nil, "sites that may show it, such as https://shop.example; empty for none but the hub's own page")
	return func(f *pflag.FlagSet) *hub.ButtonChange {
		var c hub.ButtonChange
		changed := false
		for flag, take := range map[string]func(){
			"button":          func() { c.On = on },
			"button-field":    func() { c.Fields = fields },
			"button-text":     func() { c.Texts = texts },
			"button-topic":    func() { c.Topic = topic },
			"button-metadata": func() { c.Metadata = metadata },
			"button-return":   func() { c.Return = back },
			"button-sites":    func() { c.Sites = sites },
		} {
			if f.Changed(flag) {
				take()
				changed = true
			}
		}
		if !changed {
			return nil
		}
		return &c
	}
}

// buttonLines are those of a queue that show its button.
func buttonLines(b hub.AdminButton) []string {
	if !b.On {
		return []string{"Button", "off"}
	}
	topic := b.Topic
	if topic == "" {
		topic = "the subject, else the queue's name"
	}
	lines := []string{"Button", b.URL, "Button sites", list(b.Sites), "Button fields", strings.Join(b.Fields, ", "), "Button topic", topic}
	for _, some := range [][]string{{"Button metadata", strings.Join(b.Metadata, ", ")}, {"Button return", b.Return}, {"Button texts", strings.Join(b.Texts, ", ")}} {
		if some[1] != "" {
			lines = append(lines, some...)
		}
	}
	return lines
}
