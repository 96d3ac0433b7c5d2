//go:build linux

package walkthrough

import "strings"

// script is what people and administrators write on one day, in their language:
// what Deskbell shows as it is. What Deskbell itself says is not here.
type script struct {
	reasons, dispositions  []string
	note, secondNote       string
	second, third, evening person
}

// person is a customer.
type person struct {
	name, topic, phone, email string
	metadata                  map[string]any
}

// short is the part of the name that no surface cuts.
func (p person) short() string {
	first, _, _ := strings.Cut(p.name, " ")
	return first
}

// fourth is a customer of whom only the number is known.
var fourth = person{phone: "+39 045 800 7100"}

// The names are long, accented and from right to left of no language: a
// customer calls from anywhere.
const (
	longName     = "Wilhelmina Featherstonehaugh-Cholmondeley van der Westhuizen"
	accentedName = "Zoë Núñez-Ångström"
	polishName   = "Łukasz Wiśniewski"
)

// scriptIn is the script in a language, or else in English.
func scriptIn(language string) script {
	if s, ok := scripts[language]; ok {
		return s
	}
	return scripts[""]
}

var scripts = map[string]script{
	"": {
		reasons:      []string{"Lunch", "Coffee", "Training"},
		dispositions: []string{"Solved", "Needs a call back", "Wrong desk"},
		note:         "Wanted to see the red one.",
		secondNote:   "New gear cable, comes back on Friday.",
		second: person{
			name: longName, email: "wilhelmina@example.com", topic: "The gears of my touring bike slip when I ride uphill, and the shop in town could not help",
			metadata: map[string]any{
				"order": "2026-004711", "model": "Tourer 28″, dark green", "bought": "2025-11-03", "language": "en",
				"message": "It began after the last service. I have a video of it and can show you the bike, it stands right beside me.",
			},
		},
		third:   person{name: accentedName, topic: "A gift card 🎁 for my sister", metadata: map[string]any{"page": "/gift-cards", "language": "en"}},
		evening: person{name: polishName, topic: "Opening hours", metadata: map[string]any{"language": "pl"}},
	},
	"it": {
		reasons:      []string{"Pranzo", "Caffè", "Formazione"},
		dispositions: []string{"Risolto", "Da richiamare", "Reparto sbagliato"},
		note:         "Voleva vedere quella rossa.",
		secondNote:   "Cavo del cambio nuovo, torna sabato.",
		second: person{
			name: longName, email: "wilhelmina@example.com", topic: "Il cambio della mia bici da turismo salta in salita, e il negozio in centro non ha saputo aiutarmi",
			metadata: map[string]any{
				"ordine": "2026-004711", "modello": "Tourer 28″, verde scuro", "acquisto": "2025-11-03", "lingua": "it",
				"messaggio": "È cominciato dopo l'ultima revisione. Ho un video e posso mostrarvi la bici, è qui accanto a me.",
			},
		},
		third:   person{name: accentedName, topic: "Una carta regalo 🎁 per mia sorella", metadata: map[string]any{"pagina": "/carte-regalo", "lingua": "it"}},
		evening: person{name: polishName, topic: "Orari di apertura", metadata: map[string]any{"lingua": "pl"}},
	},
}
