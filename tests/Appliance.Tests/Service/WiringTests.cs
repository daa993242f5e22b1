using Blackwall.Config;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Blackwall.Tests.Service;

/// <summary>Every part of an appliance that guards an interface can be made: parts that wait for each other would hang its start without a word.</summary>
public sealed class WiringTests
{
    [Fact]
    public async Task All_parts_of_an_appliance_with_a_wall_can_be_made()
    {
        string folder = Directory.CreateTempSubdirectory("blackwall-wiring-").FullName;
        string file = Path.Combine(folder, "blackwall.toml");
        await File.WriteAllTextAsync(file, "[network]\ninterface = \"lo\"\nmode = \"enforce\"\n", TestContext.Current.CancellationToken);
        ApplianceConfig? config = new ConfigReader(CommandLine.TryParse(["run", "--config", file, "--state", folder], out _)!, FeatureList.All).TryRead(out IReadOnlyList<string> errors);
        Assert.Empty(errors);
        await using WebApplication app = ApplianceHost.Build([], config!, FeatureList.All);
        Task<int> made = Task.Run(() => app.Services.GetServices<IHostedService>().Count(), TestContext.Current.CancellationToken);
        Assert.True(await made.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken) > 5);
        Directory.Delete(folder, recursive: true);
    }
}
