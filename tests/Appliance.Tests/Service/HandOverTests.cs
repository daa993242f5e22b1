using System.Collections;
using Blackwall.Service;
using Xunit;

namespace Blackwall.Tests.Service;

/// <summary>What "handover" says when there is nothing to hand over; that it works is shown end to end (CrashTests).</summary>
public sealed class HandOverTests
{
    [Fact]
    public async Task Without_a_running_appliance_it_says_so()
    {
        using StringWriter output = new(), errors = new();
        var folder = Directory.CreateTempSubdirectory("blackwall-handover").FullName;
        Assert.Equal(69, await HandOverCommand.RunAsync(["--state", folder], new Hashtable(), output, errors));
        Assert.StartsWith($"No appliance answers at {folder}/api.sock", errors.ToString(), StringComparison.Ordinal);
        Directory.Delete(folder);
    }

    [Fact]
    public async Task What_is_not_understood_is_named()
    {
        using StringWriter output = new(), errors = new();
        Assert.Equal(64, await HandOverCommand.RunAsync(["--force"], new Hashtable(), output, errors));
        Assert.Contains("--force", errors.ToString(), StringComparison.Ordinal);
    }
}
