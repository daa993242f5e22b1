using System.Text.RegularExpressions;
using Xunit;

namespace Blackwall.Tests.Architecture;

/// <summary>One connection writes the store.</summary>
public sealed partial class WriterTests
{
    [Fact]
    public void Only_the_journal_opens_the_database_for_writing()
    {
        string[] writers = [.. RepositoryRoot.Files("*.cs", "src").Where(file => Writer().IsMatch(File.ReadAllText(file))).Select(file => Path.GetFileName(file)!)];
        Assert.Equal(["Journal.cs"], writers);
    }

    [GeneratedRegex(@"(?<!SqliteConnection )OpenWriter\(|ReadWriteCreate\s*}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Writer();
}
