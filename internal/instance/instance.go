package instance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// The waits of both sides.
const (
	patience     = 5 * time.Second        // of a start that finds the place taken
	knockTime    = time.Second            // for one knock and its answer
	answerTime   = 500 * time.Millisecond // for one visitor to say what it wants
	betweenTries = 20 * time.Millisecond
)

// What a later start says and what it hears.
const (
	raise  = "raise\n"
	raised = "raised\n"
)

// The ways in which the place is not to be had.
var (
	// ErrRunning says that another copy runs and is coming to the front: end without a fuss.
	ErrRunning = errors.New("another Deskbell is running; its window comes to the front")
	// ErrNotAnswering says that another copy runs but hangs: tell the person.
	ErrNotAnswering = errors.New("another Deskbell is running but does not answer: end it in the system monitor and start Deskbell again")
)

// errTaken says that another process holds the place.
var errTaken = errors.New("taken")

// Instance is the only running copy.
type Instance struct {
	place  *place
	raised chan struct{}
	closed chan struct{} // closed by Close
	served chan struct{} // closed when serve has returned
}

// Acquire makes this process the only one of that name for this user. If there
// is one already, Acquire asks it to come to the front and returns
// [ErrRunning], or [ErrNotAnswering] after 5 s or at the deadline of ctx.
//
// The name is part of a file name: letters, digits, dots and dashes.
func Acquire(ctx context.Context, name string) (*Instance, error) {
	if name == "" || strings.ContainsFunc(name, notInName) {
		return nil, fmt.Errorf("instance name %q: use letters, digits, dots and dashes", name)
	}
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		place, err := claim(name)
		if err == nil {
			return occupy(place), nil
		}
		if !errors.Is(err, errTaken) {
			return nil, fmt.Errorf("can't make sure that Deskbell runs only once: %w", err)
		}
		if knock(waiting, name) == nil {
			return nil, ErrRunning
		}
		select {
		case <-time.After(betweenTries):
		case <-waiting.Done():
			if errors.Is(waiting.Err(), context.Canceled) {
				return nil, waiting.Err()
			}
			return nil, ErrNotAnswering
		}
	}
}

func notInName(r rune) bool {
	return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '.' || r == '-')
}

// knock asks the holder of the place to come to the front; nil says it will.
func knock(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, knockTime)
	defer cancel()
	conn, err := dial(ctx, name)
	if err != nil {
		return err
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		return err
	}
	if _, err := io.WriteString(conn, raise); err != nil {
		return err
	}
	return expect(conn, raised)
}

// expect reads exactly the words.
func expect(conn net.Conn, words string) error {
	heard := make([]byte, len(words))
	if _, err := io.ReadFull(conn, heard); err != nil {
		return err
	}
	if string(heard) != words {
		return fmt.Errorf("heard %q, want %q", heard, words)
	}
	return nil
}

func occupy(p *place) *Instance {
	i := &Instance{
		place:  p,
		raised: make(chan struct{}, 1),
		closed: make(chan struct{}),
		served: make(chan struct{}),
	}
	go i.serve()
	return i
}

// Raised receives when a later start asked this one to come to the front;
// several that nobody has received yet are one. Close closes it.
func (i *Instance) Raised() <-chan struct{} { return i.raised }

// Close gives the place up. It must be called once.
func (i *Instance) Close() error {
	close(i.closed)
	err := i.place.listener.Close()
	<-i.served
	// Last: from here on another process may listen.
	return errors.Join(err, i.place.release())
}

// serve answers the visitors one after the other: each has answerTime, so a
// silent one delays the next by no more than that.
func (i *Instance) serve() {
	defer close(i.served)
	defer close(i.raised)
	for {
		conn, err := i.place.listener.Accept()
		if err == nil {
			i.answer(conn)
			continue
		}
		select {
		case <-i.closed:
			return
		case <-time.After(betweenTries): // out of file descriptors, most likely
		}
	}
}

func (i *Instance) answer(conn net.Conn) {
	defer conn.Close()
	if conn.SetDeadline(time.Now().Add(answerTime)) != nil || expect(conn, raise) != nil {
		return
	}
	select {
	case i.raised <- struct{}{}:
	default:
	}
	// A visitor that is gone before it hears this was heard all the same.
	io.WriteString(conn, raised)
}
