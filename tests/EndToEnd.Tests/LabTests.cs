using Blackwall.Lab.Network;
using Blackwall.Lab.Tools;

namespace Blackwall.EndToEnd;

/// <summary>The lab leaves nothing behind, however it ends.</summary>
public sealed class LabTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly string[] s_lab = ["dotnet", typeof(LabNetwork).Assembly.Location];

    [Fact]
    public async Task A_lab_that_is_interrupted_takes_everything_down()
    {
        await using var lab = await StartAsync();

        await lab.StopAsync(Signal.Terminate, s_patience);

        Assert.Empty(Traces(lab));
    }

    [Fact]
    public async Task What_a_killed_lab_left_is_taken_down_by_the_next_run_and_a_living_one_is_spared()
    {
        await using var killed = await StartAsync();
        await using var living = await StartAsync();
        await killed.StopAsync(Signal.Kill, s_patience);
        Assert.NotEmpty(Traces(killed));

        await LabCleaner.RemoveAbandonedAsync();

        Assert.Empty(Traces(killed));
        Assert.NotEmpty(Traces(living));
        await living.StopAsync(Signal.Terminate, s_patience);
    }

    [Theory]
    [InlineData("--offload", "sideways")]
    [InlineData("--seconds-limit", "5")]
    [InlineData("--seconds-limit")]
    [InlineData("--loud")]
    public async Task An_option_that_makes_no_sense_is_refused_with_a_sentence(params string[] options)
    {
        var result = await Tool.TryAsync([.. s_lab, .. options], s_patience, folder: null, TestContext.Current.CancellationToken);

        Assert.Equal(2, result.ExitCode);
        Assert.NotEmpty(result.Errors);
        Assert.DoesNotContain("exception", result.Errors, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A lab whose network stands.</summary>
    private static async Task<RunningTool> StartAsync()
    {
        var lab = RunningTool.Start(s_lab);
        Assert.True(await Tool.UntilAsync(() => Task.FromResult(Traces(lab).Any(t => t.EndsWith("-edge", StringComparison.Ordinal))), s_patience, TestContext.Current.CancellationToken));
        return lab;
    }

    /// <summary>Namespaces and folders that carry the name of a run.</summary>
    private static List<string> Traces(RunningTool lab) =>
    [
        .. Entries(NetNamespace.Folder, lab),
        .. Entries(RunFolder.Root, lab),
        .. Entries(LabCleaner.BpfFileSystem, lab),
    ];

    private static IEnumerable<string> Entries(string folder, RunningTool lab) =>
        Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder, $"bwl{lab.Id}x*") : [];
}
