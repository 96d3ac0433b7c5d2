package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/trail"
	"github.com/deskbell/deskbell/internal/wire"
)

// openCallsPage is what the page of calls shows.
type openCallsPage struct {
	Asked string // the id that was typed
	Calls []wire.Call
}

// callPage is what the page of one call shows: why it rang, or did not.
type callPage struct {
	Call       call.Call
	Told       trail.Told
	Events     []happened
	Recordings []recorded
	Zone       string // of the times
}

// recorded is a recording of a call.
type recorded struct {
	From, To string // when; To is empty while it is on
	By       string // display name
	At       string // where it is downloaded
}

// happened is an event of a call in words.
type happened struct{ At, What, Who string }

// listCalls shows the open calls, or leads to the one that is asked for.
func (s *Site) listCalls(w http.ResponseWriter, r *http.Request, v visit) {
	if asked := strings.TrimSpace(r.URL.Query().Get("id")); asked != "" {
		http.Redirect(w, r, "/calls/"+segment(asked), http.StatusSeeOther)
		return
	}
	var p openCallsPage
	if err := s.ask(r, v.token, "GET", "/api/v1/calls", nil, &p.Calls); err != nil {
		s.fail(w, r, v, err)
		return
	}
	slices.SortStableFunc(p.Calls, func(a, b wire.Call) int { return a.Received.Compare(b.Received.Time) })
	s.show(w, v, http.StatusOK, "calls", p)
}

func (s *Site) showCall(w http.ResponseWriter, r *http.Request, v visit) {
	var story trail.Story
	err := s.ask(r, v.token, "GET", "/api/v1/calls/"+segment(r.PathValue("id"))+"/trail", nil, &story)
	if codeOf(err) == call.NotFound {
		s.show(w, v, http.StatusNotFound, "calls", openCallsPage{Asked: clean.Text(r.PathValue("id"), maxName)})
		return
	}
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	story.Say, story.Zone = v.voice.T, time.Local
	p := callPage{Call: story.Call, Told: trail.Tell(story), Zone: story.Call.Received.In(time.Local).Format("MST")}
	names := map[string]string{}
	for _, a := range story.Agents {
		names[a.Username] = a.Name
	}
	for _, e := range story.Events {
		p.Events = append(p.Events, happened{At: e.At.In(time.Local).Format("15:04:05"), What: v.happening(e), Who: whoDid(e, names)})
	}
	for _, r := range story.Call.Recordings {
		p.Recordings = append(p.Recordings, recordedOf(story.Call, r, names))
	}
	s.show(w, v, http.StatusOK, "call", p)
}

func recordedOf(c call.Call, r call.Recording, names map[string]string) recorded {
	shown := recorded{From: r.Started.In(time.Local).Format("15:04:05"), By: r.By, At: "/calls/" + segment(c.ID) + "/recordings/" + segment(r.ID)}
	if !r.Stopped.IsZero() {
		shown.To = r.Stopped.In(time.Local).Format("15:04:05")
	}
	if known := names[r.By]; known != "" {
		shown.By = known
	}
	return shown
}

// downloadRecording has the hub pass a recording on to who is signed in.
func (s *Site) downloadRecording(w http.ResponseWriter, r *http.Request, v visit) {
	s.passOn(w, r, v, "/api/v1/calls/"+segment(r.PathValue("id"))+"/recordings/"+segment(r.PathValue("recording")))
}

// whoDid are the display names of whom an event is about.
func whoDid(e call.Event, names map[string]string) string {
	var who []string
	for _, name := range append(slices.Clone(e.Agents), e.Agent, e.Queue) {
		if known := names[name]; known != "" {
			name = known
		}
		if name != "" {
			who = append(who, name)
		}
	}
	return strings.Join(who, ", ")
}

// happening is an event in words, but for whom it is about. More may come.
func (v visit) happening(e call.Event) string {
	switch {
	case e.Kind == call.KindRecordingStopped && e.Agent == "":
		return v.T("the hub stopped the recording")
	case e.Kind == call.KindNoted && e.Agent == "":
		return v.T("the customer left a message")
	}
	words := map[call.Kind]string{
		call.KindReceived: v.T("came in"), call.KindOffered: v.T("rang"), call.KindDeclined: v.T("declined by"), call.KindLapsed: v.T("not answered by"),
		call.KindWithdrawn: v.T("withdrawn from"), call.KindAccepted: v.T("accepted by"), call.KindReturned: v.T("given back by"),
		call.KindAssigned: v.T("assigned to"), call.KindFinished: v.T("finished by"), call.KindNoted: v.T("result noted by"),
		call.KindMissed: v.T("missed"), call.KindCanceled: v.T("canceled"), call.KindJoined: v.T("the customer came into the room"),
		call.KindLeft: v.T("the customer left"), call.KindAlerted: v.T("supervisors were told that it waits"), call.KindOverflowed: v.T("overflowed to"),
		call.KindRecordingStarted: v.T("recording started by"), call.KindRecordingStopped: v.T("recording stopped by"),
	}[e.Kind]
	if words == "" {
		return string(e.Kind)
	}
	return words
}

// CallState is the state of a call in words.
func (v visit) CallState(c call.State) string {
	switch c {
	case call.Waiting:
		return v.T("Waiting")
	case call.Ringing:
		return v.T("Ringing")
	case call.Accepted:
		return v.T("In call")
	default:
		return v.T("Ended")
	}
}
