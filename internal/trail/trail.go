package trail

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/call"
)

// Agent is somebody whom the call could have rung.
type Agent struct {
	Username string `json:"username"`
	Name     string `json:"name"` // display name
}

// Change is an agent's presence from a time on.
type Change struct {
	Username string `json:"username"`
	call.Presence
}

// Story is everything that is known of a call.
type Story struct {
	Call     call.Call      `json:"call"`
	Events   []call.Event   `json:"events"`   // oldest first
	Receipts []call.Receipt `json:"receipts"` // oldest first
	Agents   []Agent        `json:"agents"`   // members of its queues, and who was rung
	// Presence is that of the agents when the call came, as far as it is known,
	// and each change until it found an agent or ended; oldest first.
	Presence []Change       `json:"presence"`
	Hours    string         `json:"hours"`    // of its queue now, as they are written
	Capacity int            `json:"capacity"` // of its queue now
	Zone     *time.Location `json:"-"`
	// Say says a sentence in the reader's language; nil: in English.
	Say func(english string, parts ...any) string `json:"-"`
}

// T says a sentence.
func (s Story) T(english string, parts ...any) string {
	if s.Say == nil {
		return fmt.Sprintf(english, parts...)
	}
	return s.Say(english, parts...)
}

// Account is a call's story for one agent.
type Account struct {
	Agent string   `json:"agent"`
	Name  string   `json:"name"`
	Rang  bool     `json:"rang"`
	Words []string `json:"words"` // a line each
}

// Told is a story in words.
type Told struct {
	Summary string    `json:"summary"`
	Agents  []Account `json:"agents"`
}

// Tell tells a story in words: first of those whom it rang, then of the others.
func Tell(s Story) Told {
	told := Told{Summary: s.summary(), Agents: []Account{}}
	for _, a := range s.Agents {
		told.Agents = append(told.Agents, s.account(a))
	}
	slices.SortStableFunc(told.Agents, func(a, b Account) int { return -cmp.Compare(btoi(a.Rang), btoi(b.Rang)) })
	return told
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (s Story) summary() string {
	c := s.Call
	switch {
	case c.State == call.Accepted:
		return s.T("%s accepted it at %s, after %s.", s.name(c.Agent), s.clock(c.Accepted), span(c.Accepted.Sub(c.Received)))
	case c.Unanswered():
		return s.waits()
	case c.Outcome == call.Completed:
		return s.T("%s accepted it at %s, after %s, and it ended at %s.", s.name(c.Agent), s.clock(c.Accepted), span(c.Accepted.Sub(c.Received)), s.clock(c.Ended))
	case c.Reason == call.OutOfHours && s.Hours == "":
		return s.T("Missed at once: it came outside the opening hours that the queue had then.")
	case c.Reason == call.OutOfHours:
		return s.T("Missed at once: it came outside the opening hours (%s).", s.Hours)
	case c.Reason == call.NoSession:
		return s.T("Missed at once: Vidaoo made no video session, and the customer left a note only. The hub's log has why.")
	case c.Outcome == call.Missed && c.Offered.IsZero():
		return s.T("Missed at %s: nobody could be rung for %s. %s", s.clock(c.Ended), span(c.Ended.Sub(c.Since)), s.nobody())
	case c.Outcome == call.Missed:
		return s.T("Missed at %s: it rang, and nobody accepted it for %s.", s.clock(c.Ended), span(c.Ended.Sub(c.Since)))
	case c.Reason == call.CustomerLeft:
		return s.T("The customer left at %s, after %s, before anybody accepted.", s.clock(c.Ended), span(c.Ended.Sub(c.Received)))
	case c.Reason == call.InMotion:
		return s.T("Canceled at %s: it was answered in Motion, after %s.", s.clock(c.Ended), span(c.Ended.Sub(c.Received)))
	case c.Reason == call.QueueRemoved:
		return s.T("Canceled at %s: its queue was removed.", s.clock(c.Ended))
	default:
		return s.T("Canceled at %s by %s.", s.clock(c.Ended), cmp.Or(s.canceledBy(), s.T("an administrator")))
	}
}

func (s Story) waits() string {
	if s.Call.State == call.Ringing {
		return s.T("It waits since %s and rings.", s.clock(s.Call.Since))
	}
	return s.T("It waits since %s, and nobody can be rung now. %s", s.clock(s.Call.Since), s.nobody())
}

// nobody says what an administrator can do about a queue in which nobody can be
// rung.
func (s Story) nobody() string {
	if len(s.Agents) == 0 {
		return s.T("Queue %s has no members: 'user set NAME --queue %s' makes one.", s.Call.Queue, s.Call.Queue)
	}
	return s.T("The lines below tell why for each member.")
}

func (s Story) canceledBy() string {
	for _, e := range s.Events {
		if e.Kind == call.KindCanceled && e.By != "" {
			return s.name(e.By)
		}
	}
	return ""
}

func (s Story) name(username string) string {
	for _, a := range s.Agents {
		if a.Username == username {
			return a.Name
		}
	}
	return username
}

// account tells of one agent: each time it rang, or why it did not.
func (s Story) account(a Agent) Account {
	told := Account{Agent: a.Username, Name: a.Name, Words: []string{}}
	for i, e := range s.Events {
		switch {
		case e.Kind == call.KindOffered && slices.Contains(e.Agents, a.Username):
			told.Rang = true
			told.Words = append(told.Words, s.rang(a.Username, i))
		case e.Kind == call.KindAssigned && e.Agent == a.Username:
			told.Words = append(told.Words, s.T("%s chosen by %s", s.clock(e.At), s.name(e.By)))
		case e.Kind == call.KindReturned && e.Agent == a.Username && e.By != "":
			told.Words = append(told.Words, s.T("%s taken back by %s", s.clock(e.At), s.name(e.By)))
		case e.Kind == call.KindReturned && e.Agent == a.Username:
			told.Words = append(told.Words, s.T("%s gave it back", s.clock(e.At)))
		case e.Kind == call.KindRecordingStarted && e.Agent == a.Username:
			told.Words = append(told.Words, s.T("%s started a recording", s.clock(e.At)))
		case e.Kind == call.KindRecordingStopped && e.Agent == a.Username:
			told.Words = append(told.Words, s.T("%s stopped the recording", s.clock(e.At)))
		case e.Kind == call.KindRecordingStopped && e.Agent == "" && s.recordedBy(e.Recording) == a.Username:
			told.Words = append(told.Words, s.T("%s the recording was stopped: the call was no longer this agent's", s.clock(e.At)))
		}
	}
	if !told.Rang {
		told.Words = append(told.Words, s.silent(a.Username)...)
	}
	return told
}

// recordedBy is who started a recording.
func (s Story) recordedBy(recording string) string {
	i := slices.IndexFunc(s.Call.Recordings, func(r call.Recording) bool { return r.ID == recording })
	if i < 0 {
		return ""
	}
	return s.Call.Recordings[i].By
}

// rang tells of the offer that is event i: where it was seen and how it ended.
func (s Story) rang(username string, i int) string {
	from := s.Events[i].At
	end, to := s.ended(username, i)
	return s.T("%s rang, %s, %s", s.clock(from), s.shown(username, from, to), end)
}

// ended tells how an agent's offer ended, and when.
func (s Story) ended(username string, i int) (words string, at time.Time) {
	for _, e := range s.Events[i+1:] {
		mine := e.Agent == username || slices.Contains(e.Agents, username)
		switch {
		case e.Kind == call.KindAccepted && mine:
			return s.T("accepted at %s", s.clock(e.At)), e.At
		case e.Kind == call.KindAccepted:
			return s.T("%s was faster at %s", s.name(e.Agent), s.clock(e.At)), e.At
		case e.Kind == call.KindDeclined && mine:
			return s.T("declined at %s", s.clock(e.At)), e.At
		case e.Kind == call.KindLapsed && mine:
			return s.T("not answered until %s", s.clock(e.At)), e.At
		case e.Kind == call.KindWithdrawn && mine:
			return s.T("withdrawn at %s: %s", s.clock(e.At), s.lostBy(call.PresenceState(e.Reason))), e.At
		case e.Kind == call.KindAssigned && !mine:
			return s.T("given to %s at %s", s.name(e.Agent), s.clock(e.At)), e.At
		case e.Kind == call.KindMissed:
			return s.T("not answered until %s", s.clock(e.At)), e.At
		case e.Kind == call.KindLeft || e.Kind == call.KindCanceled:
			return s.T("until it was canceled at %s", s.clock(e.At)), e.At
		}
	}
	return s.T("rings still"), time.Time{}
}

// lostBy is why an offer was withdrawn: the presence that the agent had then.
func (s Story) lostBy(p call.PresenceState) string {
	switch p {
	case call.Offline:
		return s.T("the app was gone, or no member any more")
	case call.Paused:
		return s.T("the agent paused")
	case call.Busy:
		return s.T("the agent took another call")
	case call.WrapUp:
		return s.T("the agent wrapped up")
	default:
		return ""
	}
}

// shown tells on which surfaces an offer was seen.
func (s Story) shown(username string, from, to time.Time) string {
	var where []string
	for _, r := range s.Receipts {
		// An app may tell of it a moment after the answer.
		if r.Agent != username || r.At.Before(from) || !to.IsZero() && r.At.After(to.Add(2*time.Second)) {
			continue
		}
		surface := map[string]string{"native": s.T("the notification"), "window": s.T("the pop-up")}[r.Surface]
		where = append(where, s.T("%s after %d ms", cmp.Or(surface, r.Surface), r.Ms))
	}
	if len(where) == 0 {
		return s.T("but the app did not say that it was shown")
	}
	return s.T("shown by %s", strings.Join(where, s.T(" and ")))
}

// silent tells why it did not ring for an agent.
func (s Story) silent(username string) []string {
	if s.Call.Reason == call.OutOfHours {
		return []string{s.T("not rung: the queue was closed")}
	}
	words := []string{}
	for _, p := range s.Presence {
		if p.Username != username {
			continue
		}
		line := s.T("%s since %s", s.presence(p.Presence), s.clock(p.Since))
		switch {
		case p.Away:
			line += s.T(", but the app had lost its connection")
		case p.State == call.Ready:
			line += s.T(", but it was not this agent's turn, or another call rang there")
		case p.State == call.Busy && s.Capacity > 1:
			line += s.T(", and it was not this agent's turn or there was no room for one more")
		}
		if len(words) == 0 {
			line = s.T("not rung: %s", line)
		} else {
			line = s.T("then %s", line)
		}
		words = append(words, line)
	}
	if len(words) == 0 {
		return []string{s.T("not rung: nothing is known of the agent's presence at that time")}
	}
	return words
}

// presence tells what an agent did instead.
func (s Story) presence(p call.Presence) string {
	reason := ""
	if p.Reason != "" && p.Cause != call.CauseMissed {
		reason = " (" + p.Reason + ")"
	}
	switch p.State {
	case call.Offline:
		return s.T("no app was connected")
	case call.Paused:
		switch p.Cause {
		case call.CauseMissed:
			return s.T("paused for missed calls")
		case call.CauseSupervisor:
			return s.T("paused by a supervisor") + reason
		case call.CauseSignIn:
			return s.T("paused by signing in")
		}
		return s.T("paused") + reason
	case call.Busy:
		return s.T("in another call")
	case call.WrapUp:
		return s.T("wrapping up after a call")
	default:
		return s.T("ready")
	}
}

// clock is a time as the trail shows it: with its day if that is not the call's.
func (s Story) clock(t time.Time) string {
	t = t.In(s.Zone)
	if t.Format(time.DateOnly) != s.Call.Received.In(s.Zone).Format(time.DateOnly) {
		return t.Format("2006-01-02 15:04:05")
	}
	return t.Format("15:04:05")
}

// span is a time span for people.
func span(d time.Duration) string {
	if d < 10*time.Second {
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
