package agent

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"time"

	"github.com/deskbell/deskbell/internal/lang"
)

// Outcome is how a step of a connection test ended.
type Outcome string

// The outcomes.
const (
	OK      Outcome = "ok"
	Failed  Outcome = "failed"
	Skipped Outcome = "skipped" // not tried; the sentence says why
)

// The names of the steps, in their order.
const (
	StepAddress     = "address"
	StepName        = "name"
	StepConnection  = "connection"
	StepTLS         = "TLS"
	StepCertificate = "certificate"
	StepHub         = "hub"
	StepSignIn      = "sign-in"
	StepWebSocket   = "WebSocket"
)

// Step is one finding of a connection test.
type Step struct {
	Name    string
	Outcome Outcome
	// Sentence says what was found and, if the step failed, what to do.
	Sentence string
	// Cause is for the log; it may be nil. It holds no token.
	Cause error
	// Took is how long the step took.
	Took time.Duration
}

// titles are the names of the steps as a person reads them.
var titles = map[string]string{
	StepAddress: lang.Mark("Address"), StepName: lang.Mark("Name"), StepConnection: lang.Mark("Connection"), StepTLS: lang.Mark("TLS"),
	StepCertificate: lang.Mark("Certificate"), StepHub: lang.Mark("Hub"), StepSignIn: lang.Mark("Sign-in"), StepWebSocket: lang.Mark("WebSocket"),
}

// Title is the step's name for the person who reads the test.
func (s Step) Title() string {
	if title, known := titles[s.Name]; known {
		return lang.T(title)
	}
	return lang.Known(s.Name)
}

// DiagnoseOptions are what a connection test needs to know.
type DiagnoseOptions struct {
	Hub     string // as a person typed it
	Token   string // empty: sign-in and WebSocket are skipped
	Network Network
	// Tell is called for each step as it ends, from the goroutine of Diagnose.
	// It may be nil.
	Tell func(Step)

	patience time.Duration // for one step; zero is stepPatience
}

// stepPatience is longer than the time in which a system gives up on one of a
// host's addresses, or on one of its name servers, and tries the next.
const stepPatience = 10 * time.Second

// diagnosis is what one step of a connection test leaves to the next.
type diagnosis struct {
	hub       string
	token     string
	network   Network
	route     *route
	conn      net.Conn            // open from the connection to the handshake
	secure    tls.ConnectionState // of a handshake with a good certificate
	untrusted error               // what was wrong with the certificate
}

// steps in their order: each takes for granted what those before it found.
var steps = []struct {
	name string
	try  func(*diagnosis, context.Context) Step
}{
	{StepAddress, (*diagnosis).readAddress},
	{StepName, (*diagnosis).lookUp},
	{StepConnection, (*diagnosis).connect},
	{StepTLS, (*diagnosis).shakeHands},
	{StepCertificate, (*diagnosis).checkCertificate},
	{StepHub, (*diagnosis).greet},
	{StepSignIn, (*diagnosis).checkToken},
	{StepWebSocket, (*diagnosis).openSocket},
}

// Diagnose tries the way to a hub step by step, just as a session goes it, and
// says of each step what was found. It returns all steps, also when the
// context ends; those after a failed one are skipped.
//
// With a token it connects as an app does: to the hub the agent is there for
// that moment and the grace after it.
func Diagnose(ctx context.Context, o DiagnoseOptions) []Step {
	d := &diagnosis{hub: o.Hub, token: o.Token, network: o.Network}
	defer d.hangUp()
	patience := stepPatience
	if o.patience > 0 {
		patience = o.patience
	}
	var found []Step
	broken := ""
	for _, s := range steps {
		began := time.Now()
		step := Step{Outcome: Skipped, Sentence: lang.T("Not tried, because the step “%s” failed.", Step{Name: broken}.Title())}
		if broken == "" {
			step = d.attempt(ctx, patience, s.try)
		}
		step.Name, step.Took = s.name, time.Since(began)
		if step.Outcome == Failed {
			broken = s.name
		}
		found = append(found, step)
		if o.Tell != nil {
			o.Tell(step)
		}
	}
	return found
}

// attempt tries one step within its deadline.
func (d *diagnosis) attempt(ctx context.Context, patience time.Duration, try func(*diagnosis, context.Context) Step) Step {
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	step := skipped(lang.T("The test was stopped."))
	if ctx.Err() == nil {
		step = try(d, within)
	}
	if step.Outcome != OK && ctx.Err() != nil { // whatever it says, that is why
		step = skipped(lang.T("The test was stopped."))
	}
	return step
}

func (d *diagnosis) hangUp() {
	if d.conn != nil {
		d.conn.Close()
		d.conn = nil
	}
}

func found(sentence string) Step   { return Step{Outcome: OK, Sentence: sentence} }
func skipped(sentence string) Step { return Step{Outcome: Skipped, Sentence: sentence} }

// failed is a step that failed by an error of this package.
func failed(err error) Step {
	s := Step{Outcome: Failed, Sentence: Sentence(err), Cause: err}
	var e *Error
	if errors.As(err, &e) {
		s.Cause = e.Cause
	}
	return s
}

func failedBy(sentence string, cause error) Step {
	return Step{Outcome: Failed, Sentence: sentence, Cause: cause}
}
