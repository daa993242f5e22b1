using Xunit;

namespace Blackwall.Tests.Cli;

/// <summary>"mesh" against an appliance that takes part in none.</summary>
public sealed class MeshVerbTests : CliFixture
{
    [Fact]
    public async Task A_mesh_that_is_off_says_so_and_refuses_what_needs_it()
    {
        (int code, string output, string error) = await Run("mesh");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("off, does not run", output, StringComparison.Ordinal);
        Assert.Equal((0, "Nothing.\n", ""), await Run("mesh", "peers"));
        Assert.Equal((0, "Nothing.\n", ""), await Run("mesh", "indicators", "--limit", "5"));
        foreach (string[] line in new string[][] { ["mesh", "refute", "1.2.3.4"], ["mesh", "show", "1.2.3.0/24"], ["mesh", "show", "2001:db8::1"], ["mesh", "show", "example.org"], ["mesh", "ban", "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA"] })
        {
            (code, output, error) = await Run(line);
            Assert.Equal((1, ""), (code, output));
            Assert.StartsWith("The mesh does not run", error, StringComparison.Ordinal);
        }

        Assert.Contains("not a peer id", (await Run("mesh", "unban", "nobody")).Error, StringComparison.Ordinal);
    }
}
