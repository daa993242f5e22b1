using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Interop;

/// <summary>Signals to other processes.</summary>
internal static class ProcessSignal
{
    /// <summary>SIGUSR2 of x86 and ARM: end, and leave the wall to the next process.</summary>
    internal const int HandOver = 12;

    private const int NoSuchProcess = 3; // ESRCH

    /// <summary>Sends it. False: this user may not.</summary>
    /// <exception cref="IOException">There is no such process.</exception>
    internal static bool TrySend(int process, int signal)
    {
        if (ProcessCalls.kill(process, signal) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == NoSuchProcess ? throw new IOException($"There is no process {process}.") : false;
    }
}
