using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Interop;

/// <summary>Runs a loaded program over one frame (BPF_PROG_TEST_RUN): packet tests, replays and benchmarks use the real program.</summary>
internal static unsafe class BpfProgram
{
    private const uint LiveFrames = 1 << 1; // BPF_F_TEST_XDP_LIVE_FRAMES

    /// <summary>Result code, and the frame afterwards in <paramref name="output"/>.</summary>
    /// <param name="program">Loaded program.</param>
    /// <param name="frame">From the Ethernet header on; the kernel wants at least 14 bytes.</param>
    /// <param name="output">Room for the frame afterwards; empty when it is of no interest.</param>
    /// <param name="repeat">How often to run it.</param>
    internal static TestRunResult Run(SafeFileHandle program, ReadOnlySpan<byte> frame, Span<byte> output, int repeat = 1)
    {
        fixed (byte* data = frame, result = output)
        {
            Libbpf.TestRunOptions options = new()
            {
                Size = (nuint)sizeof(Libbpf.TestRunOptions),
                DataIn = data,
                DataSizeIn = (uint)frame.Length,
                DataOut = output.IsEmpty ? null : result,
                DataSizeOut = (uint)output.Length,
                Repeat = repeat,
            };
            int error = Libbpf.bpf_prog_test_run_opts((int)program.DangerousGetHandle(), &options);
            return error < 0
                ? throw new KernelException("The kernel refused a test run.", -error)
                : new TestRunResult((int)options.ReturnValue, (int)options.DataSizeOut, options.DurationNanoseconds);
        }
    }

    /// <summary>
    /// Sends frames for real: the program runs over live frames of an interface and may redirect them (kernel 5.18). A packet generator
    /// for tests and benchmarks.
    /// </summary>
    internal static int RunLive(SafeFileHandle program, ReadOnlySpan<byte> frame, int ifindex, int repeat, int batch)
    {
        // struct xdp_md: data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex.
        uint* context = stackalloc uint[6];
        new Span<uint>(context, 6).Clear();
        context[1] = (uint)frame.Length;
        context[3] = (uint)ifindex;
        fixed (byte* data = frame)
        {
            Libbpf.TestRunOptions options = new()
            {
                Size = (nuint)sizeof(Libbpf.TestRunOptions),
                DataIn = data,
                DataSizeIn = (uint)frame.Length,
                ContextIn = context,
                ContextSizeIn = 6 * sizeof(uint),
                Repeat = repeat,
                Flags = LiveFrames,
                BatchSize = (uint)batch,
            };
            return Libbpf.bpf_prog_test_run_opts((int)program.DangerousGetHandle(), &options);
        }
    }
}
