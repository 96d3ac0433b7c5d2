package vidaoo

import (
	"context"
	"time"
)

// Outcome is how a step of [Connect] ended.
type Outcome string

// The outcomes.
const (
	OK      Outcome = "ok"
	Failed  Outcome = "failed"
	Manual  Outcome = "manual"  // for the administrator to do in Vidaoo; the sentence says what
	Skipped Outcome = "skipped" // not tried; the sentence says why
)

// The names of the steps, in their order.
const (
	StepQueue      = "queue"
	StepToken      = "token"
	StepAutomation = "automation"
	StepMeeting    = "meeting"
	StepKey        = "key"
	StepWebhook    = "webhook"
	StepCleanup    = "cleanup"
)

// Step is one finding of [Connect].
type Step struct {
	Name    string  `json:"name"`
	Outcome Outcome `json:"outcome"`
	// Sentence says what was found or done and, if something is left to do, what.
	Sentence string `json:"sentence"`
	// Paste are values to be typed into Vidaoo's pages. The Receive URL among them is a secret.
	Paste []Paste `json:"paste,omitempty"`
	// Cause is for the log; it may be nil. It holds no key.
	Cause error `json:"-"`
}

// Paste is a value for a field of Vidaoo's pages.
type Paste struct {
	Field string `json:"field"`
	Value string `json:"value"`
}

// Arrival is what became of the webhook of the test meeting.
type Arrival struct {
	Call     string   // the call it made; "" if it made none
	Refused  string   // why it made none
	Warnings []string // what should be put right
	Others   int      // webhooks that came meanwhile and were not the test's
}

// Setup is what [Connect] connects.
type Setup struct {
	Client     *Client
	Queue      string
	ReceiveURL string
	AllowFrom  []string // networks from which the queue takes webhooks; none for all
	Automation string   // the id of the automation to update; "" to look for it
	// Keep stores the key where the hub finds it and says where; nil if there is nothing to store.
	Keep func() (sentence string, err error)
	// Arrived waits until a payload of the queue has one of the marks. When its context ends it returns
	// what it knows, with the context's error.
	Arrived func(ctx context.Context, marks []string) (Arrival, error)
	// Cancel takes the test's call off the desks.
	Cancel func(ctx context.Context, call string) error
	Wait   time.Duration // for the webhook: a minute
	// Tell is called for each step as it ends, from the goroutine of Connect. It may be nil.
	Tell func(Step)
}

// connection is what one step leaves to the next.
type connection struct {
	Setup
	automation bool // it is known to be there
	mark       string
	meeting    Meeting
	made       bool // there is a test meeting
	arrival    Arrival
}

// steps in their order. One that needs others is skipped if one of them failed.
var steps = []struct {
	name  string
	needs []string
	try   func(*connection, context.Context) Step
}{
	{StepQueue, nil, (*connection).checkQueue},
	{StepToken, nil, (*connection).verify},
	{StepAutomation, []string{StepQueue, StepToken}, (*connection).automate},
	{StepMeeting, []string{StepQueue, StepToken}, (*connection).createMeeting},
	{StepKey, []string{StepMeeting}, (*connection).keep}, // now it is known to be good
	{StepWebhook, []string{StepAutomation, StepMeeting}, (*connection).await},
	{StepCleanup, nil, (*connection).cleanUp},
}

// Steps are the names of all steps, in their order.
var Steps = []string{StepQueue, StepToken, StepAutomation, StepMeeting, StepKey, StepWebhook, StepCleanup}

// Connect has Vidaoo ring a queue: it verifies the key, makes or updates the automation, and tries the
// way back with a meeting of its own. It returns all steps.
func Connect(ctx context.Context, s Setup) []Step {
	c := &connection{Setup: s}
	if c.Wait <= 0 {
		c.Wait = time.Minute
	}
	outcomes := map[string]Outcome{}
	var found []Step
	for _, s := range steps {
		step := Step{}
		for _, needed := range s.needs {
			if outcomes[needed] == Failed || outcomes[needed] == Skipped {
				step = skipped("Not tried, because of the step " + needed + ".")
			}
		}
		if step.Outcome == "" {
			step = s.try(c, ctx)
		}
		step.Name = s.name
		outcomes[s.name] = step.Outcome
		found = append(found, step)
		if c.Tell != nil {
			c.Tell(step)
		}
	}
	return found
}

// Connected tells whether a webhook of Vidaoo's made a call, and nothing else failed.
func Connected(found []Step) bool {
	rang := false
	for _, s := range found {
		if s.Outcome == Failed {
			return false
		}
		rang = rang || s.Name == StepWebhook && s.Outcome == OK
	}
	return rang
}

func done(sentence string) Step    { return Step{Outcome: OK, Sentence: sentence} }
func skipped(sentence string) Step { return Step{Outcome: Skipped, Sentence: sentence} }

func manual(sentence string, paste ...Paste) Step {
	return Step{Outcome: Manual, Sentence: sentence, Paste: paste}
}

func failed(sentence string, cause error) Step {
	return Step{Outcome: Failed, Sentence: sentence, Cause: cause}
}
