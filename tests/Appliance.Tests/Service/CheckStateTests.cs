using System.Collections;
using Blackwall.Service;
using Blackwall.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace Blackwall.Tests.Service;

/// <summary>A package asks before it touches anything whether its version can read the state.</summary>
public sealed class CheckStateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-state-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private int Run(params string[] arguments) => CheckStateCommand.Run(arguments, new Hashtable(), _output, _errors);

    private string[] Steps()
    {
        Assert.Equal(0, Run("--list"));
        return _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private string Known(IEnumerable<string> steps)
    {
        string file = Path.Combine(_folder, "known");
        File.WriteAllLines(file, steps);
        return file;
    }

    private void MakeState() =>
        new Database(Options.Create(new StorageOptions { StateFolder = _folder }), FeatureList.Migrations(FeatureList.All), TimeProvider.System, NullLogger<Database>.Instance).OpenWriter().Dispose();

    [Fact]
    public void The_steps_of_this_version_are_listed()
    {
        string[] steps = Steps();
        Assert.Contains("storage/1", steps, StringComparer.Ordinal);
        Assert.Equal(steps.Length, steps.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Its_own_state_can_be_read_and_so_can_none()
    {
        Assert.Equal(0, Run("--state", _folder));
        MakeState();
        Assert.Equal(0, Run("--state", _folder));
        Assert.Equal(0, Run("--known", Known(Steps()), "--state", _folder));
    }

    [Fact]
    public void A_version_that_misses_one_step_is_refused_and_the_step_named()
    {
        MakeState();
        string[] steps = Steps();
        Assert.Equal(73, Run("--known", Known(steps[..^1]), "--state", _folder));
        Assert.Contains(steps[^1], _errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("keep the newer version", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_database_is_told_and_holds_up_no_upgrade()
    {
        File.WriteAllText(Path.Combine(_folder, "blackwall.db"), new string('x', 4096));
        Assert.Equal(0, Run("--state", _folder));
        Assert.Contains("is damaged", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_understood_or_not_there_is_told()
    {
        Assert.Equal(64, Run("--everything", "x"));
        Assert.Equal(66, Run("--known", Path.Combine(_folder, "nothing")));
    }
}
