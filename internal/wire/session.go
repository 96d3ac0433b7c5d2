package wire

// SignIn is the body of POST /api/v1/sessions.
type SignIn struct {
	Username string `json:"username"`
	Password string `json:"password"`
	// Pages says that it is for the hub's web pages: whom calls ring for stays as
	// it is.
	Pages bool `json:"pages,omitempty"`
}

// SignedIn is its answer: the bare token, shown this once.
type SignedIn struct {
	Token   string `json:"token"`
	Expires Time   `json:"expires"`
	User    User   `json:"user"`
}

// SetUp is the body of POST /api/v1/set-up/{secret}: the first admin of a hub
// without users. Its answer is SignedIn.
type SetUp struct {
	Username string `json:"username"`
	Name     string `json:"name,omitempty"` // display name
	Password string `json:"password"`
}

// Me is the answer of GET /api/v1/me.
type Me struct {
	User     User     `json:"user"`
	Presence Presence `json:"presence"`
}

// Link is the answer of POST /api/v1/calls/{id}/link.
type Link struct {
	Link string `json:"link"`
}

// Received is the answer of a Receive URL. Interaction has the shape that
// Motion's Receive URL answers with, so that callers made for it are content.
type Received struct {
	Call        ReceivedCall `json:"call"`
	Interaction Interaction  `json:"interaction"`
	Duplicate   bool         `json:"duplicate"`
}

// ReceivedCall is the call a webhook made.
type ReceivedCall struct {
	ID    string `json:"id"`
	State string `json:"state"`
}

// Interaction carries the call's id under Motion's name for it.
type Interaction struct {
	ID string `json:"id"`
}
