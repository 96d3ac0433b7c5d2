package hub

import (
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/vidaoo"
)

// Vidaoo is how the hub asks Vidaoo: where its API is, how it differs from others,
// and with which key. Who runs the hub keeps all that.
type Vidaoo interface {
	// Account tells what there is, but never the key.
	Account() VidaooAccount
	// Connecting makes a client of what is asked for, and of what is kept where
	// nothing is. Keep stores it once it is known to be good: the hub uses it from
	// then on. Errors are for an administrator, of a field if one is wrong.
	Connecting(wanted ConnectChange) (client *vidaoo.Client, keep func() (sentence string, err error), err error)
}

// VidaooAccount tells what the hub has to ask Vidaoo with.
type VidaooAccount struct {
	Key      string   `json:"key"`               // none, stored, systemd or environment: never the key
	Problem  string   `json:"problem,omitempty"` // why it can't be used
	BaseURL  string   `json:"base_url"`
	Settings []string `json:"settings"` // the others that are not the usual ones
}

// keyEnvironment: the key is in the hub's environment.
const keyEnvironment = "environment"

// Where the key of Vidaoo is, for whoever keeps it.
const (
	KeyNowhere     = keyNowhere
	KeyStored      = keyStored
	KeySystemd     = keySystemd
	KeyEnvironment = keyEnvironment
)

// connecting has one run of [vidaoo.Connect] at a time, and keeps the last one:
// whoever looks again after a lost connection finds it.
type connecting struct {
	mu     sync.Mutex
	closed bool
	last   *connectRun
	group  sync.WaitGroup
}

// connectRun is one run.
type connectRun struct {
	queue, by      string
	wait           time.Duration
	started, ended time.Time
	connected      bool
	steps          []vidaoo.Step
}

// busy tells whether a run goes on.
func (c *connecting) busy() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last != nil && c.last.ended.IsZero()
}

// begin starts a run, unless one goes on or the hub closes.
func (c *connecting) begin(run connectRun) (ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || c.last != nil && c.last.ended.IsZero() {
		return false
	}
	c.last = &run
	c.group.Add(1)
	return true
}

// tell takes the next step of the run.
func (c *connecting) tell(step vidaoo.Step) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last.steps = append(c.last.steps, step)
}

// end ends the run.
func (c *connecting) end(at time.Time, connected bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last.ended, c.last.connected = at, connected
	c.group.Done()
}

// refuse has no run begin any more.
func (c *connecting) refuse() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
}

// run is the last run; ok is false if there was none since the hub started.
func (c *connecting) run() (run connectRun, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last == nil {
		return run, false
	}
	run = *c.last
	run.steps = append([]vidaoo.Step{}, run.steps...)
	return run, true
}
