package vidaoo

import (
	"html"
	"math"
	"net/url"
	"regexp"
	"strings"

	"github.com/deskbell/deskbell/internal/clean"
)

// HiddenLink stands in a [Session]'s texts where the payload had the session link.
const HiddenLink = "[session link]"

// address finds web addresses in running text and in HTML.
var address = regexp.MustCompile(`(?i)\bhttps?://[^\s<>"']+`)

// secret knows the session link's host. It takes all addresses of that host out of the other fields,
// not only the link itself: the organiser's address of the same meeting is one of them, and the agents
// who see these fields have not accepted yet.
//
// The zero secret hides nothing: there is no link to be kept.
type secret struct {
	mark *regexp.Regexp // what a text in lower case has that names an address of the host
}

// newSecret takes a link that passed link.Check.
func newSecret(sessionLink string) secret {
	u, err := url.Parse(sessionLink)
	if err != nil {
		return secret{regexp.MustCompile("")} // hides everything
	}
	host := u.Host
	switch u.Port() {
	case "", "80", "443": // ports that an address need not name
		host = strings.TrimSuffix(host, ":"+u.Port())
	}
	name := regexp.QuoteMeta(strings.ToLower(strings.TrimSuffix(host, ".")))
	return secret{regexp.MustCompile(`//` + name + `|(?:^|[^0-9a-z._-])` + name + `\.?(?::[0-9]+)?[/?]`)}
}

// hide returns text in one clean line of any length, without addresses of the session link's host.
// Where one is written in a way that cannot be cut out, the whole text goes.
func (s secret) hide(text string) string {
	text = clean.Text(text, math.MaxInt)
	text = address.ReplaceAllStringFunc(text, func(found string) string {
		if s.in(found) {
			return HiddenLink
		}
		return found
	})
	if s.in(text) {
		return HiddenLink
	}
	return text
}

// plainAddress undoes the ways in which addresses are written inside other addresses and JSON texts.
var plainAddress = strings.NewReplacer(`\`, "", "%5c", "", "%253a", ":", "%252f", "/", "%3a", ":", "%2f", "/")

func (s secret) in(text string) bool {
	return s.mark != nil && s.mark.MatchString(plainAddress.Replace(strings.ToLower(html.UnescapeString(text))))
}
