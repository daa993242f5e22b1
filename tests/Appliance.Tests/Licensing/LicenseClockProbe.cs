using Blackwall.Licensing;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Tests.Licensing;

/// <summary>What the clock of a licence says after it was asked once.</summary>
internal sealed class LicenseClockProbe
{
    public LicenseClockProbe(string folder, TimeProvider time)
    {
        LicenseClock clock = new(Options.Create(new StorageOptions { StateFolder = folder }), time);
        _ = clock.Now();
        Fault = clock.Fault;
    }

    public string? Fault { get; }
}
