using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Interop;

/// <summary>Error numbers of Linux that the loader tells apart.</summary>
internal static class Errno
{
    internal const int NotPermitted = 1;
    internal const int NoEntry = 2;
    internal const int TooBig = 7;
    internal const int NoMemory = 12;
    internal const int Access = 13;
    internal const int Busy = 16;
    internal const int Exists = 17;
    internal const int NoDevice = 19;
    internal const int Invalid = 22;
    internal const int NoSpace = 28;
    internal const int Range = 34;
    internal const int NoLink = 67;
    internal const int NotSupported = 95;

    internal static string Name(int errno) => $"errno {errno}: {Marshal.GetPInvokeErrorMessage(errno)}";
}
