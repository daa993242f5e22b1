using System.Runtime.ExceptionServices;
using Blackwall.Lab.Network;

namespace Blackwall.Benchmarks.Machine;

/// <summary>Runs work on a thread of its own that stays on one CPU, and if asked inside a network namespace.</summary>
internal static class PinnedThread
{
    /// <summary>The CPU that measures or sends; the last one receives.</summary>
    public const int First = 0;

    /// <summary>The CPU that receives; the same one when there is only one.</summary>
    public static int Last => Environment.ProcessorCount - 1;

    public static T Run<T>(int cpu, Func<T> work, NetNamespace? inside = null)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                if (inside is not null)
                {
                    using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(inside.FilePath);
                    Lab.Tools.Native.EnterNetwork(file);
                }

                Native.Pin(0, cpu);
                result = work();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }
}
