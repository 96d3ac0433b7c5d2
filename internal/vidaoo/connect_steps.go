package vidaoo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/link"
)

// Where Vidaoo's webhooks come from, and the port to which they go.
const (
	webhookSource = "35.180.105.193"
	webhookPort   = "443"
)

// firewall is what to do when no webhook comes.
const firewall = "Vidaoo's webhooks come from " + webhookSource + " to port " + webhookPort + ": let them through the firewall"

// checkQueue looks whether Vidaoo can reach the Receive URL at all.
func (c *connection) checkQueue(context.Context) Step {
	u, err := url.Parse(c.ReceiveURL)
	if err != nil || link.Check(c.ReceiveURL) != nil {
		return failed("The queue's Receive URL does not begin with https://, and Vidaoo sends to no other: start the hub with --public-url https://HOST.", link.Check(c.ReceiveURL))
	}
	here := isLocal(u.Hostname())
	if here && !isLocal(c.Client.base.Hostname()) {
		return failed("The queue's Receive URL is on "+u.Hostname()+", which Vidaoo can't reach from where it is: start the hub with --public-url and the https address at which the internet reaches it.", nil)
	}
	sentence := "Webhooks for " + c.Queue + " go to " + u.Host + "."
	if !here && u.Port() != "" && u.Port() != webhookPort {
		sentence += " Its port is not " + webhookPort + ", the only one that Vidaoo is known to call."
	}
	if !here && !c.allows() {
		sentence += " The queue does not take webhooks from " + webhookSource + ", where Vidaoo's come from: allow it with 'queue set " + c.Queue + " --allow-from'."
	}
	return done(sentence)
}

// isLocal tells whether a host is of this machine or of a private network.
func isLocal(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && (address.IsLoopback() || address.IsPrivate() || address.IsLinkLocalUnicast())
}

func (c *connection) allows() bool {
	source := netip.MustParseAddr(webhookSource)
	return len(c.AllowFrom) == 0 || slices.ContainsFunc(c.AllowFrom, func(text string) bool {
		if network, err := netip.ParsePrefix(text); err == nil {
			return network.Contains(source)
		}
		return text == webhookSource
	})
}

func (c *connection) verify(ctx context.Context) Step {
	_, err := c.Client.Verify(ctx)
	var status *StatusError
	switch {
	case err == nil:
		return done(c.Client.Host() + " takes the key.")
	case Unsupported(err):
		return manual(fmt.Sprintf("The key could not be verified: where %s does that is not known (tried %s). The test meeting will show whether it is good; in Vidaoo, look at the key under the key button of its user.",
			c.Client.Host(), c.Client.settings.endpoint(Verify)))
	case errors.As(err, &status) && status.Status == http.StatusForbidden: // a role that may only create meetings may not ask this
		return manual("The key could not be verified: its user may not ask for that. The test meeting will show whether it is good.")
	default:
		return failed(sentence(err), err)
	}
}

func (c *connection) keep(context.Context) Step {
	if c.Keep == nil {
		return skipped("There is nothing to store.")
	}
	said, err := c.Keep()
	if err != nil {
		return failed(sentence(err), err)
	}
	return done(said)
}

// automate updates the automation that is named, or found by its address or name, or makes one.
func (c *connection) automate(ctx context.Context) Step {
	wanted := c.Client.NewAutomation(c.Queue, c.ReceiveURL)
	id, verb, twice := c.Automation, "updated", ""
	if id == "" {
		all, _, err := c.Client.Automations(ctx)
		if err != nil && !Unsupported(err) && !isFieldError(err) {
			return c.automationFailed(err, wanted)
		}
		if id = ours(all, wanted); err != nil {
			twice = " Whether an earlier one is there could not be read: look in Vidaoo, and name the one to keep with --automation next time."
		}
	}
	var err error
	if id != "" {
		_, err = c.Client.UpdateAutomation(ctx, id, wanted)
	} else {
		var made Automation
		verb = "made"
		made, err = c.Client.CreateAutomation(ctx, wanted)
		id = made.ID
	}
	if err != nil {
		return c.automationFailed(err, wanted)
	}
	c.automation = true
	name := "“" + wanted.Name + "”"
	if id != "" {
		name += " (" + id + ")"
	}
	return done("The automation " + name + " is " + verb + ": when a meeting is created, Vidaoo posts it to the queue's Receive URL." + twice)
}

// ours finds the automation that an earlier connect made.
func ours(all []Automation, wanted Automation) string {
	for _, is := range []func(Automation) bool{
		func(a Automation) bool { return a.URL == wanted.URL },
		func(a Automation) bool { return a.Name == wanted.Name },
	} {
		if i := slices.IndexFunc(all, is); i >= 0 {
			return all[i].ID
		}
	}
	return ""
}

// automationFailed has the administrator do by hand what this Vidaoo, or this key, can't.
func (c *connection) automationFailed(err error, a Automation) Step {
	var status *StatusError
	errors.As(err, &status)
	switch {
	case status != nil && status.Operation == AutomationUpdate && status.Gone():
		return failed(fmt.Sprintf("There is no automation %s in Vidaoo: name another one with --automation, or leave it out.", c.Automation), err)
	case Unsupported(err), status != nil && (status.Status == http.StatusForbidden || status.Status/100 == 4 && status.Status != http.StatusUnauthorized && status.Status != http.StatusTooManyRequests):
		return manual("Deskbell can't make the automation ("+strings.TrimSuffix(err.Error(), ".")+"). In Vidaoo's administration, create an automation with these values, save it and switch it on.",
			Paste{"Name", a.Name}, Paste{"Trigger", a.Trigger}, Paste{"Action", a.Action}, Paste{"Method", a.Method}, Paste{"URL", a.URL}, Paste{"Body", a.Body})
	default:
		return failed(sentence(err), err)
	}
}

// createMeeting makes a meeting that can be told from others by what is published of templates: its
// metadata.
func (c *connection) createMeeting(ctx context.Context) Step {
	c.mark = "deskbell-" + strings.ToLower(rand.Text())
	m, err := c.Client.CreateMeeting(ctx, NewMeeting{Topic: "Deskbell connection test", Metadata: map[string]any{ // all that AutomationBody asks for
		"name": c.mark, "email": "test@deskbell.example", "phone": "0", "language": "en", "page": "deskbell-hub vidaoo connect",
	}})
	if err != nil {
		return failed(sentence(err), err)
	}
	c.meeting, c.made = m, true
	if lacks := m.Lacks(SettingMeetingID); lacks != nil {
		s := failed("The test meeting is made, but can't be deleted: "+lacks.Error()+".", lacks)
		s.Outcome = Manual
		return s
	}
	return done("The test meeting " + m.ID + " is made.")
}

// await waits for the test meeting's webhook.
func (c *connection) await(ctx context.Context) Step {
	within, cancel := context.WithTimeout(ctx, c.Wait)
	defer cancel()
	marks := []string{c.mark}
	for _, mark := range []string{c.meeting.ID, c.meeting.Session, c.meeting.Link} {
		if len(mark) >= 8 { // a shorter one may be anywhere
			marks = append(marks, mark)
		}
	}
	var err error
	c.arrival, err = c.Arrived(within, marks)
	switch {
	case ctx.Err() != nil:
		return skipped("The test was stopped.")
	case errors.Is(err, context.DeadlineExceeded):
		return failed(c.silence(), err)
	case err != nil:
		return failed(sentence(err), err)
	case c.arrival.Call == "":
		return failed("The webhook came, but made no call. "+sentence(errors.New(c.arrival.Refused))+" 'deskbell-hub payload list "+c.Queue+"' shows what came.", nil)
	}
	said := "The webhook came and made a call: Vidaoo rings " + c.Queue + "."
	if len(c.arrival.Warnings) > 0 {
		said += " But: " + strings.Join(c.arrival.Warnings, "; ") + "."
	}
	return done(said)
}

// silence is what to say when no webhook came.
func (c *connection) silence() string {
	said := fmt.Sprintf("No webhook of the test meeting came within %v. ", c.Wait.Round(time.Second))
	if c.arrival.Others > 0 {
		return said + fmt.Sprintf("%d others did: the way is open, so look at the automation's body and whether it is switched on.", c.arrival.Others)
	}
	if !c.automation {
		said += "If the automation is not made yet, make it as said above and run this again. "
	}
	return said + firewall + ", and check that the automation is switched on. The hub's certificate must be one that everybody trusts."
}

// cleanUp takes the test's call off the desks and deletes its meeting.
func (c *connection) cleanUp(ctx context.Context) Step {
	if !c.made {
		return skipped("There is nothing to clean up.")
	}
	// Also a test that was stopped leaves nothing behind.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.Client.timeout*time.Duration(c.Client.attempts))
	defer cancel()
	var said []string
	if c.arrival.Call != "" && c.Cancel != nil {
		if err := c.Cancel(ctx, c.arrival.Call); err != nil {
			return failed("The test's call "+c.arrival.Call+" still rings: "+sentence(err), err)
		}
		said = append(said, "The test's call is canceled.")
	}
	if c.meeting.ID == "" {
		return manual(strings.Join(append(said, "Delete the meeting “Deskbell connection test” in Vidaoo."), " "))
	}
	var status *StatusError
	switch _, err := c.Client.DeleteMeeting(ctx, c.meeting.ID); {
	case err == nil:
		return done(strings.Join(append(said, "The test meeting is deleted."), " "))
	case Unsupported(err), errors.As(err, &status) && (status.Gone() || status.Status == http.StatusForbidden):
		return manual(strings.Join(append(said, "The test meeting could not be deleted ("+err.Error()+"): delete “Deskbell connection test” in Vidaoo, if it is still there."), " "))
	default:
		return failed(strings.Join(append(said, "Delete the meeting “Deskbell connection test” in Vidaoo. "+sentence(err)), " "), err)
	}
}

func isFieldError(err error) bool {
	var field *FieldError
	return errors.As(err, &field)
}

// sentence is an error as one that stands alone.
func sentence(err error) string {
	text := err.Error()
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + strings.TrimSuffix(text[1:], ".") + "."
}
