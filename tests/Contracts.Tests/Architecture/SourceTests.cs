using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Blackwall.Tests.Architecture;

/// <summary>House rules that show in the text of the sources.</summary>
public sealed partial class SourceTests
{
    private const int LongestFile = 400;
    private const string ProcessImage = "src/Cli/Programs/ProcessImage.cs";

    [Fact]
    public void No_source_file_is_longer_than_four_hundred_lines() => Assert.Empty(
        Sources("src", "bpf", "tests")
            .Select(file => (File: RepositoryRoot.Relative(file), Lines: File.ReadLines(file).Count()))
            .Where(file => file.Lines > LongestFile)
            .Select(file => $"{file.File}: {file.Lines}"));

    // A partial class does not hide size: what counts is the type, over all of its files.
    [Fact]
    public void No_type_is_longer_than_four_hundred_lines() => Assert.Empty(
        RepositoryRoot.Files("*.cs", "src")
            .Select(file => (Text: Code(file), Lines: File.ReadLines(file).Count()))
            .Select(file => (Name: $"{Namespace().Match(file.Text).Groups["name"].Value}.{TopType().Match(file.Text).Groups["name"].Value}", file.Lines))
            .GroupBy(file => file.Name, file => file.Lines, StringComparer.Ordinal)
            .Where(type => type.Sum() > LongestFile)
            .Select(type => $"{type.Key}: {type.Sum()}"));

    [Fact]
    public void No_type_is_named_for_nothing() => Assert.Empty(Matches(VagueType(), "src", "tests"));

    [Fact]
    public void A_source_file_declares_at_most_one_public_type() => Assert.Empty(
        RepositoryRoot.Files("*.cs", "src")
            .Select(file => (File: RepositoryRoot.Relative(file), Types: PublicType().Matches(Code(file)).Select(m => m.Groups["name"].Value).Distinct(StringComparer.Ordinal).Count()))
            .Where(file => file.Types > 1)
            .Select(file => $"{file.File}: {file.Types}"));

    [Fact]
    public void A_namespace_is_its_folder() => Assert.Empty(
        RepositoryRoot.Files("*.cs", "src")
            .Select(file => (File: file, Space: Namespace().Match(Code(file)).Groups["name"].Value))
            .Where(file => file.Space.Length > 0 && !string.Equals(file.Space, Expected(file.File), StringComparison.Ordinal))
            .Select(file => $"{RepositoryRoot.Relative(file.File)}: {file.Space}"));

    [Fact]
    public void Pointers_and_foreign_calls_stay_in_the_kernel_interop() => Assert.All(
        Matches(UnsafeCode(), "src").Where(match => !match.StartsWith(ProcessImage, StringComparison.Ordinal)),
        match => Assert.StartsWith("src/Appliance/Kernel/Interop/", match, StringComparison.Ordinal));

    // The command line becomes the appliance by execv(2), which .NET has no word for: signals, terminal and exit code go through by themselves.
    [Fact]
    public void The_one_foreign_call_beside_the_kernel_interop_replaces_the_command_line() =>
        Assert.Equal([$"{ProcessImage}: [LibraryImport"], Matches(UnsafeCode(), "src/Cli"));

    [Fact]
    public void Libbpf_is_named_in_the_kernel_layer_alone() => Assert.All(
        Matches(Libbpf(), "src"), match => Assert.StartsWith("src/Appliance/Kernel/", match, StringComparison.Ordinal));

    [Fact]
    public void Nothing_returns_async_void() => Assert.Empty(Matches(AsyncVoid(), "src", "tests"));

    [Fact]
    public void No_test_is_skipped() => Assert.Empty(Matches(Skipped(), "tests"));

    [Fact]
    public void No_file_names_a_path_of_the_machine_it_was_written_on()
    {
        // The place of this checkout, and the folder around it unless every machine has that one.
        string around = Path.GetDirectoryName(RepositoryRoot.Path) ?? "/";
        string[] places = around is "/" or "/tmp" or "/root" or "/home" or "/opt" or "/srv" or "/src" or "/mnt"
            ? [RepositoryRoot.Path + "/"]
            : [RepositoryRoot.Path + "/", around + "/"];
        var place = new Regex($@"(?<![\w./-])(?:{string.Join('|', places.Select(Regex.Escape))})", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        Assert.Empty(Directory.EnumerateFiles(RepositoryRoot.Path, "*", SearchOption.AllDirectories)
            .Where(file => !RepositoryRoot.Relative(file).Split('/').Any(part => part is "bin" or "obj" or ".git" or "artifacts" or "TestResults" or "node_modules"))
            .Where(file => new FileInfo(file).Length < 1 << 20)
            .SelectMany(file => File.ReadLines(file).Where(line => place.IsMatch(line)).Select(line => $"{RepositoryRoot.Relative(file)}: {line.Trim()}")));
    }

    [Theory]
    [InlineData("Tarpit")]
    [InlineData("Mesh")]
    [InlineData("Client")]
    [InlineData("Tui", "../Client/Client.csproj")]
    [InlineData("Cli", "../Client/Client.csproj")]
    public void A_library_references_no_other_project_of_the_product(string name, string? but = null)
    {
        string project = RepositoryRoot.File("src", name, name + ".csproj");
        IEnumerable<string> references = File.Exists(project)
            ? XDocument.Load(project).Descendants("ProjectReference").Select(r => (string?)r.Attribute("Include") ?? "")
            : [];
        Assert.Equal(but is null ? [] : [but], references);
    }

    [Theory]
    [InlineData("public static class StringUtils", true)]
    [InlineData("internal sealed class SessionManager", true)]
    [InlineData("public sealed class Judge", false)]
    public void The_scan_finds_vague_names(string line, bool found) => Assert.Equal(found, VagueType().IsMatch(line));

    [Theory]
    [InlineData("    private static unsafe void Copy()", true)]
    [InlineData("[LibraryImport(\"libc\")]", true)]
    [InlineData("byte* p = stackalloc byte[4];", true)]
    [InlineData("int x = a * b;", false)]
    [InlineData("Span<byte> p = stackalloc byte[4];", false)]
    public void The_scan_finds_pointers(string line, bool found) => Assert.Equal(found, UnsafeCode().IsMatch(line));

    private static IEnumerable<string> Sources(params string[] folders) =>
        new[] { "*.cs", "*.c", "*.h" }.SelectMany(pattern => RepositoryRoot.Files(pattern, folders));

    private static IEnumerable<string> Matches(Regex regex, params string[] folders) => RepositoryRoot.Files("*.cs", folders)
        .Where(file => !file.EndsWith(nameof(SourceTests) + ".cs", StringComparison.Ordinal))
        .SelectMany(file => regex.Matches(Code(file)).Select(match => $"{RepositoryRoot.Relative(file)}: {match.Value.Trim()}"));

    private static string Expected(string file)
    {
        string[] parts = RepositoryRoot.Relative(file).Split('/');

        // src/Appliance/Kernel/Abi/X.cs is Blackwall.Kernel.Abi; the libraries keep their name.
        IEnumerable<string> folders = string.Equals(parts[1], "Appliance", StringComparison.Ordinal) ? parts[2..^1] : parts[1..^1];
        return string.Join('.', folders.Prepend("Blackwall"));
    }

    // Comments may speak of anything.
    private static string Code(string file) => Comment().Replace(File.ReadAllText(file), "");

    [GeneratedRegex(@"^(?:public|internal|file)\b[^\n(;{]*?\b(?:class|struct|record struct|record class|record|interface|enum)\s+(?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TopType();

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum)\s+\w*(?:Utils?|Utilit(?:y|ies)|Helpers?|Manager|Common)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VagueType();

    [GeneratedRegex(@"^public\s+(?:(?:static|sealed|abstract|partial|readonly|ref|unsafe)\s+)*(?:record\s+struct|record\s+class|class|struct|record|interface|enum|delegate\s+\w+)\s+(?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\bunsafe\b|\[LibraryImport|\[DllImport|\bNativeLibrary\.|\b(?:byte|sbyte|short|ushort|int|uint|long|ulong|void|nint|nuint|char)\*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UnsafeCode();

    [GeneratedRegex(@"\blibbpf|\bbpf_[a-z]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Libbpf();

    [GeneratedRegex(@"\basync\s+void\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AsyncVoid();

    [GeneratedRegex(@"\bSkip(?:When|Unless)?\s*=\s*|\bAssert\.Skip", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Skipped();

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Comment();
}
