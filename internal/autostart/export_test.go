package autostart

// MaxCommand is the length of the longest command line on Windows.
const MaxCommand = maxCommand

// DesktopFile is the content of the file on Linux.
func DesktopFile(o Options, hidden bool) string {
	return string(desktopFile(o, program{o.Executable, o.Args}, hidden))
}

// CommandLine is the value on Windows.
func CommandLine(o Options) (string, error) {
	return commandLine(program{o.Executable, o.Args})
}

// LaunchAgentFile is the content of the file on macOS.
func LaunchAgentFile(o Options) string {
	return string(launchAgentFile(o.AppID, program{o.Executable, o.Args}))
}

// ExecWords are the words of the Exec line in the content of a desktop file.
func ExecWords(content string) []string {
	return execWords(unescapes.Replace(parseDesktopFile([]byte(content))["Exec"]))
}

// DesktopFileStarts tells whether a desktop file starts the executable.
func DesktopFileStarts(content, executable string) bool {
	return parseDesktopFile([]byte(content)).starts(program{path: executable}, nil)
}

// PlistWords are the words that the job in a property list runs.
func PlistWords(content string) []string { return commandOf(parsePlist([]byte(content))) }

// NewLaunchAgent is New as on macOS, with that folder.
func NewLaunchAgent(o Options, folder string) (*Autostart, error) {
	return newAutostart(o, func(o Options, p program) (entry, error) {
		return launchAgent{label: o.AppID, program: p, folder: folder}, nil
	})
}

// Registry is the part of a registry that is used.
type Registry = userRegistry

// The keys of the registry.
const (
	RunKey      = runKey
	ApprovedKey = approvedKey
)

// NewRunValue is New as on Windows, with that registry.
func NewRunValue(o Options, r Registry) (*Autostart, error) {
	return newAutostart(o, func(o Options, p program) (entry, error) {
		return runValue{name: o.AppName, program: p, registry: r}, nil
	})
}
