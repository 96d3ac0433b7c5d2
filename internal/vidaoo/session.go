package vidaoo

// The longest texts of a [Session], in characters.
const (
	MaxID    = 200
	MaxTopic = 200
	MaxName  = 120
	MaxEmail = 254 // RFC 5321
	MaxPhone = 40
)

// Session is what a webhook says about a meeting that a customer waits in. All texts are clean and
// bounded, and none but Link holds the link.
type Session struct {
	Link     string // passes link.Check
	ID       string // Vidaoo's name of the meeting; "" if the webhook has none that can be kept whole
	Topic    string
	Customer Customer
	Metadata map[string]any // JSON values; within the limits of package clean; never nil
	Warnings []string       // what the administrator should put right, a sentence each; no values
	Looked   []string       // paths at which the link was looked for

	Found map[string]string // for each field that was found, its path
}

// Customer is who waits, as far as the webhook tells.
type Customer struct {
	Name, Email, Phone string
}
