package wire

import "github.com/deskbell/deskbell/internal/call"

// CodeFields is the code of a form that can't be taken: Fields of the problem say
// which and why.
const CodeFields call.Code = "fields" // 422

// Why a field of a form can't be taken.
const (
	FieldMissing   = "missing"
	FieldMalformed = "malformed"
)

// Button is what a page with a queue's web button needs to know.
type Button struct {
	Queue  string        `json:"queue"`
	Open   bool          `json:"open"` // a press makes a call now
	Fields []ButtonField `json:"fields"`
	// Texts are the administrator's own, by name, or by name and language
	// ("title.it"). What is not there is said in Deskbell's words.
	Texts map[string]string `json:"texts"`
	Sites []string          `json:"sites"` // the origins that may show it
	// Return is where the customer goes afterwards; empty: nowhere.
	Return string `json:"return"`
}

// ButtonField is a field of the form. A name that Deskbell does not know has a
// label.
type ButtonField struct {
	Name     string `json:"name"`
	Label    string `json:"label,omitempty"`
	Required bool   `json:"required"`
}

// Press is a customer's press of the button.
type Press struct {
	// Key is the page's own: pressed twice with one key makes one meeting.
	Key      string            `json:"key"`
	Values   map[string]string `json:"values"`
	Website  string            `json:"website"` // a field that people do not see and programs fill in
	Page     string            `json:"page"`
	Language string            `json:"language"`
}

// Pressed answers a press: the ticket with which the customer waits, or that the
// queue is closed.
type Pressed struct {
	Ticket string `json:"ticket,omitempty"`
	Closed bool   `json:"closed"`
}

// Ticket is how it stands with a customer's call.
type Ticket struct {
	State   call.State   `json:"state"`
	Outcome call.Outcome `json:"outcome,omitempty"`
	Ahead   int          `json:"ahead"`          // customers who came earlier and wait too
	Link    string       `json:"link,omitempty"` // the customer's own; only while the call is open
	Noted   bool         `json:"noted"`          // a call-back note was left
	// Reachable: the form said how to reach the customer.
	Reachable bool `json:"reachable"`
}

// CallBack is a note of a customer who wants to be called back.
type CallBack struct {
	Key     string `json:"key"`
	Ticket  string `json:"ticket,omitempty"` // of the call it belongs to; empty: there is none
	Name    string `json:"name,omitempty"`
	Reach   string `json:"reach"` // a phone number or an e-mail address
	Note    string `json:"note"`
	Consent bool   `json:"consent"`
	Website string `json:"website"`
}
