//go:build linux

package gauge

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"time"
)

// clockTick is the unit of times in /proc, which is the same on every Linux
// that Go runs on.
const clockTick = 10 * time.Millisecond

// cpuTime is what a process has used of all cores.
func cpuTime(pid int) (time.Duration, error) {
	path := fmt.Sprintf("/proc/%d/stat", pid)
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, fmt.Errorf("read what a process has used: %w", err)
	}
	// The name in brackets may have spaces: count from its end.
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	const user, system = 14 - 3, 15 - 3 // as numbered in proc(5), and the state is the third
	var ticks int
	for _, at := range []int{user, system} {
		if at >= len(fields) {
			return 0, fmt.Errorf("%s has %d fields", path, len(fields))
		}
		n, err := strconv.Atoi(string(fields[at]))
		if err != nil {
			return 0, fmt.Errorf("%s: %w", path, err)
		}
		ticks += n
	}
	return time.Duration(ticks) * clockTick, nil
}

var statusLine = regexp.MustCompile(`(?m)^(VmRSS|RssAnon):\s+(\d+) kB$`)

// resident is the memory of a process in MiB: all of it, and its own, which
// shares nothing with files such as the libraries of the graphics driver.
func resident(pid int) (all, own float64, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0, fmt.Errorf("read the memory of a process: %w", err)
	}
	for _, m := range statusLine.FindAllStringSubmatch(string(text), -1) {
		kib, err := strconv.Atoi(m[2])
		if err != nil {
			return 0, 0, fmt.Errorf("read the memory of a process: %w", err)
		}
		if m[1] == "VmRSS" {
			all = float64(kib) / 1024
			continue
		}
		own = float64(kib) / 1024
	}
	return all, own, nil
}
