using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Blackwall.Kernel;
using Blackwall.Kernel.Interop;

namespace Blackwall.Benchmarks.Machine;

/// <summary>What the verifier says of each program of an object.</summary>
/// <param name="Program">Its name.</param>
/// <param name="Instructions">Instructions verified.</param>
/// <param name="Stack">Bytes of its largest frame.</param>
internal sealed partial record VerifierReport(string Program, int Instructions, int Stack)
{
    private const uint Statistics = 4; // BPF_LOG_STATS
    private const int LogSize = 1 << 16;

    public static unsafe IReadOnlyList<VerifierReport> Of(string path)
    {
        using BpfObject opened = BpfObject.Open(path);
        opened.SetFrags(true);
        List<(string Name, nint Log)> logs = [];
        try
        {
            nint handle = opened.DangerousGetHandle();
            for (nint program = Libbpf.bpf_object__next_program(handle, 0); program != 0; program = Libbpf.bpf_object__next_program(handle, program))
            {
                nint log = (nint)NativeMemory.AllocZeroed(LogSize);
                logs.Add((Marshal.PtrToStringUTF8((nint)Libbpf.bpf_program__name(program)) ?? "?", log));
                _ = SetLogLevel(program, Statistics);
                _ = SetLogBuffer(program, (byte*)log, LogSize);
            }

            int error = opened.TryLoad(out string why);
            if (error < 0)
            {
                throw new KernelException($"{path} cannot be loaded: {why}", -error);
            }

            return [.. logs.Select(l => Read(l.Name, Marshal.PtrToStringUTF8(l.Log) ?? string.Empty))];
        }
        finally
        {
            foreach ((_, nint log) in logs)
            {
                NativeMemory.Free((void*)log);
            }
        }
    }

    private static VerifierReport Read(string name, string log)
    {
        Match instructions = Processed().Match(log);
        Match stack = StackDepth().Match(log);
        return instructions.Success && stack.Success
            ? new VerifierReport(name, int.Parse(instructions.Groups["n"].Value, CultureInfo.InvariantCulture), stack.Groups["n"].Value.Split('+').Max(s => int.Parse(s, CultureInfo.InvariantCulture)))
            : throw new KernelException($"The verifier gave no statistics for {name}.");
    }

    [LibraryImport("libbpf.so.1", EntryPoint = "bpf_program__set_log_level")]
    private static partial int SetLogLevel(nint program, uint level);

    [LibraryImport("libbpf.so.1", EntryPoint = "bpf_program__set_log_buf")]
    private static unsafe partial int SetLogBuffer(nint program, byte* buffer, nuint size);

    [GeneratedRegex(@"processed (?<n>\d+) insns", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Processed();

    [GeneratedRegex(@"stack depth (?<n>\d+(\+\d+)*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StackDepth();
}
