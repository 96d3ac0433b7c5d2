//go:build linux

package desktoptest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

const (
	// servicePatience is how long the services of the desktop may take together.
	servicePatience = time.Second
	// killPatience is how long the kernel may take to end what is killed.
	killPatience = 5 * time.Second
)

// mark is the variable by which Close knows the processes of this desktop.
func (d *Desktop) mark() string { return "DESKBELL_DESKTOP=" + d.dir }

// endProcesses ends everything that carries the mark: first the programs, which may want to say goodbye to
// the bus and the screen, then all others.
func endProcesses(mark string, services, programs []*Process) error {
	for _, p := range programs {
		p.signal(syscall.SIGTERM)
	}
	waitDone(programs, stopPatience)
	for _, p := range slices.Backward(services) {
		p.signal(syscall.SIGTERM)
	}
	if !waitNone(mark, servicePatience) && !killAll(mark) {
		return fmt.Errorf("desktop: processes %v did not end; end them by hand", marked(mark))
	}
	waitDone(slices.Concat(programs, services), killPatience)
	return nil
}

// killAll kills what carries the mark until nothing does: what is being started meanwhile is not seen at
// the first look.
func killAll(mark string) bool {
	for deadline := time.Now().Add(killPatience); time.Now().Before(deadline); {
		for _, pid := range marked(mark) {
			killMarked(pid, mark)
		}
		if waitNone(mark, 100*time.Millisecond) {
			return true
		}
	}
	return false
}

// waitDone waits until all the processes have ended and are accounted for.
func waitDone(processes []*Process, patience time.Duration) {
	deadline := time.After(patience)
	for _, p := range processes {
		select {
		case <-p.done:
		case <-deadline:
			return
		}
	}
}

// waitNone waits until no process carries the mark.
func waitNone(mark string, patience time.Duration) bool {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); ; <-tick.C {
		if len(marked(mark)) == 0 {
			return true
		}
		if time.Now().After(deadline) {
			return false
		}
	}
}

// killMarked takes a hold on the process before it looks at the mark again, so that it cannot hit another
// one that was given the same number meanwhile.
func killMarked(pid int, mark string) {
	process, err := os.FindProcess(pid)
	if err != nil {
		return
	}
	defer func() { _ = process.Release() }()
	if carries(pid, mark) {
		_ = process.Kill() // it may have ended by itself
	}
}

// marked lists the processes whose environment holds the mark.
func marked(mark string) []int {
	var found []int
	entries, _ := os.ReadDir("/proc") // what cannot be read is not ours
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err == nil && pid != os.Getpid() && carries(pid, mark) {
			found = append(found, pid)
		}
	}
	return found
}

func carries(pid int, mark string) bool {
	environ, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "environ"))
	return bytes.Contains(append([]byte{0}, environ...), []byte("\x00"+mark+"\x00"))
}
