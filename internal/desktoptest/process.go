//go:build linux

package desktoptest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	// stopPatience is how long programs may take to end when a desktop is closed.
	stopPatience = 2 * time.Second
	// askedPatience is how long one may take that Stop asks to end.
	askedPatience = 10 * time.Second
	// logTail is how much of a program's output an error quotes, in bytes.
	logTail = 2000
)

// A Program is what Launch starts.
type Program struct {
	// Name names the program's log; the last part of Path if empty.
	Name string
	// Path is an absolute path or a name to look up in PATH.
	Path string
	Args []string
	// Env is added to the desktop's environment, in the form "key=value"; a key given here wins.
	Env []string
	// Stdin is the program's input; none if nil.
	Stdin io.Reader
}

// A Process is a program that was started on the desktop, in a process group of its own.
type Process struct {
	name string
	cmd  *exec.Cmd
	log  string
	done chan struct{}
	err  error // of Wait, to be read after done
}

// Launch starts a program on the desktop; its output goes to LogPath.
func (d *Desktop) Launch(program Program) (*Process, error) {
	if program.Name == "" {
		program.Name = filepath.Base(program.Path)
	}
	log, err := os.CreateTemp(filepath.Join(d.dir, "log"), program.Name+"-*.log")
	if err != nil {
		return nil, fmt.Errorf("desktop: no log for %s: %w", program.Name, err)
	}
	defer func() { _ = log.Close() }() // the program has its own copy of the file

	cmd := exec.Command(program.Path, program.Args...)
	cmd.Env = append(d.Env(), program.Env...)
	cmd.Dir = d.Home()
	cmd.Stdin = program.Stdin
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = ownGroup()
	cmd.WaitDelay = stopPatience // of the copying of Stdin

	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, fmt.Errorf("desktop: %s was not started: the desktop is closed", program.Name)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("desktop: %s was not started: %w", program.Name, err)
	}
	p := &Process{name: program.Name, cmd: cmd, log: log.Name(), done: make(chan struct{})}
	d.launched = append(d.launched, p)
	go func() {
		p.err = cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// Command returns a command that runs on the desktop, in its HOME and in a process group of its own. The
// group is killed when the context ends, and whatever is left of it when the desktop is closed.
func (d *Desktop) Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = d.Env()
	cmd.Dir = d.Home()
	cmd.SysProcAttr = ownGroup()
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = stopPatience
	return cmd
}

// ownGroup keeps the terminal's Ctrl-C away from the desktop's processes, which Close ends in order, and
// ends them when this process is killed and cannot. (The kernel watches the thread that starts them; Go
// ends a thread only if a goroutine that is locked to it returns.)
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// output runs a tool of the desktop to its end and returns what it printed.
func (d *Desktop) output(ctx context.Context, name string, args ...string) ([]byte, error) {
	return d.outputFor(ctx, "", name, args...)
}

// outputFor is output for a tool that reads; what is secret goes in here and into no error.
func (d *Desktop) outputFor(ctx context.Context, input, name string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, toolDeadline)
	defer cancel()
	cmd := d.Command(ctx, name, args...)
	cmd.Stdin = strings.NewReader(input)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, &toolError{strings.Join(cmd.Args, " "), strings.TrimSpace(stderr.String()), err}
	}
	return stdout.Bytes(), nil
}

// toolError tells how a tool of the desktop failed.
type toolError struct {
	command, stderr string
	err             error
}

func (e *toolError) Error() string {
	return strings.TrimSpace(fmt.Sprintf("desktop: %s: %v %s", e.command, e.err, e.stderr))
}

func (e *toolError) Unwrap() error { return e.err }

// Pid is the number of the process.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

// LogPath is the file that takes the output of the process.
func (p *Process) LogPath() string { return p.log }

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Output returns what the process printed so far.
func (p *Process) Output() string {
	text, err := os.ReadFile(p.log)
	if err != nil {
		return fmt.Sprintf("(no output: %v)", err)
	}
	return string(text)
}

// WaitOutput waits until the process has printed the text. That it ends before is an error.
func (p *Process) WaitOutput(ctx context.Context, text string) error {
	return await(ctx, fmt.Sprintf("%s to print %q", p.name, text), func(context.Context) (bool, error) {
		ended := false
		select {
		case <-p.done:
			ended = true
		default:
		}
		if strings.Contains(p.Output(), text) {
			return true, nil
		}
		if ended {
			return true, fmt.Errorf("desktop: %w", p.failure())
		}
		return false, nil
	})
}

// Wait waits until the process has ended, and returns how it ended as exec.Cmd.Wait does.
func (p *Process) Wait(ctx context.Context) error {
	select {
	case <-p.done:
		return p.err
	case <-ctx.Done():
		return fmt.Errorf("desktop: %s still runs: %w", p.name, ctx.Err())
	}
}

// Kill ends the process and its group at once, as kill -9 does, and returns when it has ended.
func (p *Process) Kill() {
	p.signal(syscall.SIGKILL)
	<-p.done
}

// Stop asks the process to end, and kills its group if it still runs after ten seconds or when the context
// ends; then it returns an error with what the process has said. A Go program says what its goroutines do.
func (p *Process) Stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, askedPatience)
	defer cancel()
	p.signal(syscall.SIGTERM)
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		p.signal(syscall.SIGQUIT)
		select {
		case <-p.done:
		case <-time.After(stopPatience):
		}
		p.Kill()
		return fmt.Errorf("desktop: %s did not end when asked to and was killed: %s", p.name, p.Output())
	}
}

// signal reaches the whole group while its first process is not yet waited for, so that the number cannot
// belong to anybody else.
func (p *Process) signal(signal syscall.Signal) {
	select {
	case <-p.done:
	default:
		_ = syscall.Kill(-p.Pid(), signal) // ends with the process
	}
}

// failure tells that a process ended that should not have, with its last output.
func (p *Process) failure() error {
	text := strings.TrimSpace(p.Output())
	if len(text) > logTail {
		text = "..." + text[len(text)-logTail:]
	}
	return fmt.Errorf("%s ended early (%v): %s", p.name, p.err, text)
}
