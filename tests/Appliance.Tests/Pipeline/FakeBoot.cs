using Blackwall.Pipeline.Time;

namespace Blackwall.Tests.Pipeline;

/// <summary>A machine that can be let run and started anew.</summary>
internal sealed class FakeBoot : IBootTime
{
    public string BootId { get; private set; } = "first";

    public ulong Nanoseconds { get; private set; } = 5_000_000_000_000;

    public void Run(TimeSpan time) => Nanoseconds += (ulong)time.TotalMilliseconds * 1_000_000;

    public void StartAnew(string id, TimeSpan up)
    {
        BootId = id;
        Nanoseconds = (ulong)up.TotalMilliseconds * 1_000_000;
    }
}
