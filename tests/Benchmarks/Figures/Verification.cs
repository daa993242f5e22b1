using System.Diagnostics;
using Blackwall.Benchmarks.Machine;
using Blackwall.Benchmarks.Report;
using Blackwall.Kernel.Loading;
using Blackwall.Lab.Network;

namespace Blackwall.Benchmarks.Figures;

/// <summary>What loading the programs takes.</summary>
internal sealed class Verification : IFigures
{
    public string Name => "verifier";

    public string Title => "Verifier and loading";

    public Task MeasureAsync(BenchOptions options, RunFolder run, FigureBook book)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "bpf");
        foreach (VerifierReport program in VerifierReport.Of(Path.Combine(folder, "ingress.bpf.o")).Concat(VerifierReport.Of(Path.Combine(folder, "egress.bpf.o"))))
        {
            book.Add(new($"{program.Program}: verified instructions", program.Instructions, "", Budget: 200_000));
            book.Add(new($"{program.Program}: largest stack frame", program.Stack, "B", Budget: 512, Note: "the verifier refuses chains of frames above 512 bytes"));
        }

        List<double> milliseconds = [];
        for (int round = 0; round < options.Rounds(7); round++)
        {
            long started = Stopwatch.GetTimestamp();
            KernelPrograms.Load(new LoadOptions()).Dispose();
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        book.Add(new("load of all programs", milliseconds.Median(), "ms", Budget: 1_000));
        return Task.CompletedTask;
    }
}
