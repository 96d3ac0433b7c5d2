package notify

import (
	"fmt"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// The part of the Windows Runtime that go-toast lacks: the history of toasts,
// and whether the person allows them.

var (
	combase           = windows.NewLazySystemDLL("combase.dll")
	incrementMTAUsage = combase.NewProc("CoIncrementMTAUsage")
	getFactory        = combase.NewProc("RoGetActivationFactory")
	createString      = combase.NewProc("WindowsCreateString")
	deleteString      = combase.NewProc("WindowsDeleteString")

	shell32    = windows.NewLazySystemDLL("shell32.dll")
	queryState = shell32.NewProc("SHQueryUserNotificationState")
)

// managerClass has the static methods for toasts.
const managerClass = "Windows.UI.Notifications.ToastNotificationManager"

// Interfaces of managerClass.
var (
	managerStatics  = windows.GUID{Data1: 0x50ac103f, Data2: 0xd235, Data3: 0x4598, Data4: [8]byte{0xbb, 0xef, 0x98, 0xfe, 0x4d, 0x1a, 0x3a, 0xd4}}
	managerStatics2 = windows.GUID{Data1: 0x7ab93c52, Data2: 0x0e48, Data3: 0x4750, Data4: [8]byte{0xba, 0x9d, 0x1a, 0x41, 0x13, 0x98, 0x18, 0x47}}
)

// Places of methods in the tables of their interfaces. The first six are those
// of IInspectable.
const (
	methodRelease = 2 // IUnknown

	methodCreateNotifierWithID = 7  // IToastNotificationManagerStatics
	methodHistory              = 6  // IToastNotificationManagerStatics2
	methodClearWithID          = 12 // IToastNotificationHistory
	methodSetting              = 8  // IToastNotifier
)

// settingEnabled is NotificationSetting's Enabled; the others name who disabled
// the toasts.
const settingEnabled = 0

// notFound is what an app gets that has shown no toast yet.
const notFound = 0x80070490

// hresult is a failure of COM.
type hresult uint32

func (h hresult) Error() string { return fmt.Sprintf("HRESULT 0x%08X", uint32(h)) }
func (h hresult) Code() uintptr { return uintptr(h) }

// check returns the failure in what a function of COM returned, if it is one.
func check(result uintptr) error {
	if int32(result) < 0 {
		return hresult(result)
	}
	return nil
}

// find makes sure that procedures are there: to call one that is not panics.
func find(procedures ...*windows.LazyProc) error {
	for _, p := range procedures {
		if err := p.Find(); err != nil {
			return err
		}
	}
	return nil
}

// keepCOM makes COM ready on all threads of the process that have not done so
// themselves, for as long as it runs: a goroutine changes its thread at will.
var keepCOM = sync.OnceValue(func() error {
	if err := find(incrementMTAUsage, getFactory, createString, deleteString); err != nil {
		return err
	}
	var cookie uintptr
	result, _, _ := incrementMTAUsage.Call(uintptr(unsafe.Pointer(&cookie)))
	return check(result)
})

// object is an object of COM, which starts with its table of methods.
type object struct {
	methods *[16]uintptr
}

func (o *object) release() {
	// What is left of the references is of no use.
	_, _, _ = syscall.SyscallN(o.methods[methodRelease], uintptr(unsafe.Pointer(o)))
}

// hstring makes a string of the Windows Runtime, to be freed with freeHstring.
func hstring(s string) (uintptr, error) {
	units, err := windows.UTF16FromString(s)
	if err != nil {
		return 0, err
	}
	var h uintptr
	result, _, _ := createString.Call(
		uintptr(unsafe.Pointer(&units[0])), uintptr(len(units)-1), uintptr(unsafe.Pointer(&h)))
	return h, check(result)
}

func freeHstring(h uintptr) {
	// It cannot fail.
	_, _, _ = deleteString.Call(h)
}

// statics returns an interface with static methods of managerClass.
func statics(iid *windows.GUID) (*object, error) {
	if err := keepCOM(); err != nil {
		return nil, err
	}
	name, err := hstring(managerClass)
	if err != nil {
		return nil, err
	}
	defer freeHstring(name)
	var o *object
	result, _, _ := getFactory.Call(name, uintptr(unsafe.Pointer(iid)), uintptr(unsafe.Pointer(&o)))
	return o, check(result)
}

// clearHistory takes all toasts of an app off the screen and out of the history.
func clearHistory(appID string) error {
	manager, err := statics(&managerStatics2)
	if err != nil {
		return err
	}
	defer manager.release()
	var history *object
	result, _, _ := syscall.SyscallN(manager.methods[methodHistory],
		uintptr(unsafe.Pointer(manager)), uintptr(unsafe.Pointer(&history)))
	if err := check(result); err != nil {
		return err
	}
	defer history.release()
	id, err := hstring(appID)
	if err != nil {
		return err
	}
	defer freeHstring(id)
	result, _, _ = syscall.SyscallN(history.methods[methodClearWithID], uintptr(unsafe.Pointer(history)), id)
	if uint32(result) == notFound {
		return nil
	}
	return check(result)
}

// toastSetting tells whether the system shows toasts of an app.
func toastSetting(appID string) (int32, error) {
	manager, err := statics(&managerStatics)
	if err != nil {
		return 0, err
	}
	defer manager.release()
	id, err := hstring(appID)
	if err != nil {
		return 0, err
	}
	defer freeHstring(id)
	var notifier *object
	result, _, _ := syscall.SyscallN(manager.methods[methodCreateNotifierWithID],
		uintptr(unsafe.Pointer(manager)), id, uintptr(unsafe.Pointer(&notifier)))
	if err := check(result); err != nil {
		return 0, err
	}
	defer notifier.release()
	var setting int32
	result, _, _ = syscall.SyscallN(notifier.methods[methodSetting],
		uintptr(unsafe.Pointer(notifier)), uintptr(unsafe.Pointer(&setting)))
	return setting, check(result)
}

// notificationState asks the shell what the person is doing, see keepsQuiet.
func notificationState() (int32, error) {
	if err := find(queryState); err != nil {
		return 0, err
	}
	var state int32
	result, _, _ := queryState.Call(uintptr(unsafe.Pointer(&state)))
	return state, check(result)
}
