package instance_test

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"testing"

	"github.com/deskbell/deskbell/internal/instance"
)

// holderName is set in the environment of a test binary that is to be a
// program with that instance name instead of running tests.
const holderName = "DESKBELL_TEST_HOLD_INSTANCE"

// startHolder runs this test binary as another program that holds the place.
func startHolder(t *testing.T, name string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holderName+"="+name)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		cmd.Process.Kill()
		cmd.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if line != "holding\n" {
		t.Fatalf("the other program says %q, %v", line, err)
	}
	return cmd
}

// hold is the whole program of a re-executed test binary: it takes the place,
// says so and waits for its end.
func hold(name string) {
	if _, err := instance.Acquire(context.Background(), name); err != nil {
		os.Stdout.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	os.Stdout.WriteString("holding\n")
	os.Stdin.Read(make([]byte, 1))
}
