using Blackwall.Kernel.Interop;
using Blackwall.Pipeline.Time;

namespace Blackwall.Kernel;

/// <summary>The machine's own boot clock.</summary>
internal sealed class SystemBootTime : IBootTime
{
    private const string IdFile = "/proc/sys/kernel/random/boot_id";

    public string BootId { get; } = File.Exists(IdFile) ? File.ReadAllText(IdFile).Trim() : "";

    public ulong Nanoseconds => BpfSyscall.BootNanoseconds();
}
