using System.Runtime.InteropServices;
using System.Text;

namespace Blackwall.Kernel.Interop;

/// <summary>Collects what libbpf prints, the verifier's log above all, while a load runs. One load at a time.</summary>
internal static unsafe class LibbpfLog
{
    private const int MaxCharacters = 4 << 20;
    private static readonly Lock Gate = new();
    private static StringBuilder? _current;
    private static bool _installed;

    /// <summary>Runs a load; the text is empty unless libbpf had something to warn of.</summary>
    internal static (TResult Result, string Text) Collect<TResult>(Func<TResult> load)
    {
        lock (Gate)
        {
            if (!_installed)
            {
                Libbpf.libbpf_set_print(&Print);
                _installed = true;
            }

            _current = new StringBuilder();
            try
            {
                return (load(), _current.ToString());
            }
            finally
            {
                _current = null;
            }
        }
    }

    [UnmanagedCallersOnly(CallConvs = [])]
    private static int Print(int level, byte* format, void* arguments)
    {
        const int Debug = 2;
        StringBuilder? log = _current;
        if (level >= Debug || log is null || log.Length > MaxCharacters)
        {
            return 0;
        }

        // The verifier's log comes as one argument and can be megabytes long.
        const int Size = 1 << 20;
        byte* buffer = (byte*)NativeMemory.Alloc(Size);
        try
        {
            int length = Libc.vsnprintf(buffer, Size, format, arguments);
            log.Append(Encoding.UTF8.GetString(buffer, Math.Clamp(length, 0, Size - 1)));
        }
        finally
        {
            NativeMemory.Free(buffer);
        }

        return 0;
    }
}
