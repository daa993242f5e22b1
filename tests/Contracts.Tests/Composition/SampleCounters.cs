using Blackwall.Pipeline.Ports;

namespace Blackwall.Tests.Composition;

internal sealed class SampleCounters : IStatsSource, IHealthSource
{
    private long _taken;

    public string Name => "sample";

    public bool Ready => true;

    public string? Fault => _taken > 0 ? "A sample was taken." : null;

    public void Count() => Interlocked.Increment(ref _taken);

    public IReadOnlyDictionary<string, long> Read() => new Dictionary<string, long>(StringComparer.Ordinal) { ["taken"] = Interlocked.Read(ref _taken) };
}
