using System.Runtime.InteropServices;
using Blackwall.Kernel.Interop;

namespace Blackwall.Kernel;

/// <summary>The signal on which an appliance ends and leaves its wall to the next process: SIGUSR2.</summary>
internal static class HandOverSignal
{
    /// <summary>Its number, the same on x86-64 and ARM64.</summary>
    public const PosixSignal Number = (PosixSignal)ProcessSignal.HandOver;

    /// <summary>Sends it. False: this user may not.</summary>
    /// <param name="process">Process id of the appliance.</param>
    /// <exception cref="IOException">There is no such process.</exception>
    public static bool TrySend(int process) => ProcessSignal.TrySend(process, ProcessSignal.HandOver);
}
