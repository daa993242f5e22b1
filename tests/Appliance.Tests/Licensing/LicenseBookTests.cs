using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Blackwall.Api.Licenses;
using Blackwall.Licensing;
using Blackwall.Storage;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NSec.Cryptography;
using Xunit;

namespace Blackwall.Tests.Licensing;

public sealed class LicenseBookTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-license-").FullName;
    private readonly Key _key = Key.Create(SignatureAlgorithm.Ed25519);
    private readonly FakeTimeProvider _time = new(Start);

    public void Dispose()
    {
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private LicenseBook Open(string? file = null, string? revocations = null)
    {
        var storage = Options.Create(new StorageOptions { StateFolder = _folder });
        LicenseOptions options = new() { File = file ?? "", Revocations = revocations ?? "" };
        LicenseBook book = new(new LicenseKeys(new Dictionary<string, PublicKey>(StringComparer.Ordinal) { ["test"] = _key.PublicKey }), new LicenseClock(storage, _time), Options.Create(options), storage);
        book.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        return book;
    }

    private string Issue(Func<LicensePayload, LicensePayload>? with = null, Key? key = null, string prefix = SignedFile.LicensePrefix)
    {
        LicensePayload payload = new("id-1", "Customer", "Enterprise", Start, Start, Start.AddDays(30), 14, "test");
        return SignedFile.Sign(JsonSerializer.SerializeToUtf8Bytes(with?.Invoke(payload) ?? payload, LicenseJson.Default.LicensePayload), prefix, key ?? _key);
    }

    [Fact]
    public void Without_a_licence_it_is_basic_and_a_licence_counts_over_a_restart()
    {
        LicenseBook book = Open();
        Assert.Equal((LicenseTier.Basic, LicenseState.None), (book.Tier, book.State));
        Assert.Null(book.Fault);
        Assert.Null(book.Put(Issue()));
        Assert.Equal(LicenseTier.Enterprise, book.Tier);
        Assert.Equal(LicenseTier.Enterprise, Open().Tier);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "blackwall.lic")));
    }

    [Fact]
    public void No_changed_byte_counts_and_the_one_before_stays()
    {
        LicenseBook book = Open();
        Assert.Null(book.Put(Issue(payload => payload with { Tier = "Professional" })));
        byte[] good = Encoding.ASCII.GetBytes(Issue().Trim());
        for (int i = 0; i < good.Length; i++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] bad = [.. good];
                bad[i] ^= (byte)(1 << bit);
                Assert.NotNull(book.Put(Encoding.Latin1.GetString(bad)));
            }
        }

        for (int i = 0; i < good.Length; i += 7)
        {
            Assert.NotNull(book.Put(Encoding.ASCII.GetString(good[..i])));
        }

        Assert.Equal(LicenseTier.Professional, book.Tier);
        Assert.Null(book.Put(Encoding.ASCII.GetString(good)));
        Assert.Equal(LicenseTier.Enterprise, book.Tier);
    }

    [Fact]
    public void Another_order_another_key_another_kind_and_what_is_not_understood_do_not_count()
    {
        LicenseBook book = Open();
        string good = Issue();
        byte[] payload = System.Buffers.Text.Base64Url.DecodeFromChars(good.Split('.')[0]);
        JsonObject read = JsonNode.Parse(payload)!.AsObject();
        JsonObject turned = new(read.Reverse().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        Assert.NotNull(book.Put($"{System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(turned.ToJsonString()))}.{good.Split('.')[1]}"));
        using Key other = Key.Create(SignatureAlgorithm.Ed25519);
        Assert.NotNull(book.Put(Issue(key: other)));
        Assert.NotNull(book.Put(Issue(payload => payload with { KeyId = "unknown" })));
        Assert.NotNull(book.Put(Issue(prefix: SignedFile.RevocationPrefix)));
        Assert.NotNull(book.Put(Issue(payload => payload with { Tier = "enterprise" })));
        Assert.NotNull(book.Put(Issue(payload => payload with { Tier = "2" })));
        Assert.NotNull(book.Put(Issue(payload => payload with { Tier = "Ultimate" })));
        Assert.NotNull(book.Put(Issue(payload => payload with { GraceDays = 100_000 })));
        read["unlimited"] = true;
        Assert.NotNull(book.Put(SignedFile.Sign(Encoding.UTF8.GetBytes(read.ToJsonString()), SignedFile.LicensePrefix, _key)));
        Assert.NotNull(book.Put(new string('a', 1 << 20)));
        Assert.NotNull(book.Put(""));
        Assert.Equal(LicenseTier.Basic, book.Tier);
        Assert.Null(book.Put(good));
    }

    [Fact]
    public void It_counts_from_its_beginning_to_the_end_of_its_grace_and_then_it_is_basic()
    {
        LicenseBook book = Open();
        Assert.NotNull(book.Put(Issue(payload => payload with { NotBefore = Start.AddDays(1) })));
        Assert.Null(book.Put(Issue()));
        _time.Advance(TimeSpan.FromDays(30));
        Assert.Equal((LicenseTier.Enterprise, LicenseState.Grace), (book.Tier, book.State));
        Assert.Equal(Start.AddDays(44), book.GraceEnds);
        Assert.Contains("expired", book.Fault, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromDays(14));
        Assert.Equal((LicenseTier.Basic, LicenseState.Expired), (book.Tier, book.State));
        Assert.Contains("goes on to protect", book.Fault, StringComparison.Ordinal);
        Assert.NotNull(book.Put(Issue()));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_brings_no_time_back_also_over_a_restart()
    {
        LicenseBook book = Open();
        Assert.Null(book.Put(Issue()));
        _time.Advance(TimeSpan.FromDays(60));
        Assert.Equal(LicenseState.Expired, book.State);
        LicenseBook again = new(
            new LicenseKeys(new Dictionary<string, PublicKey>(StringComparer.Ordinal) { ["test"] = _key.PublicKey }), new LicenseClock(Options.Create(new StorageOptions { StateFolder = _folder }), new FakeTimeProvider(Start)),
            Options.Create(new LicenseOptions()), Options.Create(new StorageOptions { StateFolder = _folder }));
        await again.StartAsync(CancellationToken.None);
        Assert.Equal(LicenseState.Expired, again.State);
        Assert.Contains("set back", new LicenseClockProbe(_folder, new FakeTimeProvider(Start)).Fault, StringComparison.Ordinal);

        // The time that was seen cannot be edited either.
        File.WriteAllText(Path.Combine(_folder, "license.time"), $"{Start.ToUnixTimeSeconds()} 00");
        Assert.Contains("changed by another program", new LicenseClockProbe(_folder, new FakeTimeProvider(Start)).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_revoked_licence_one_for_another_machine_and_an_older_one_do_not_count()
    {
        string list = Path.Combine(_folder, "revoked.lic");
        File.WriteAllText(list, SignedFile.Sign(JsonSerializer.SerializeToUtf8Bytes(new RevocationPayload(Start, ["id-1"], "test"), LicenseJson.Default.RevocationPayload), SignedFile.RevocationPrefix, _key));
        LicenseBook book = Open(revocations: list);
        Assert.Equal("It was revoked.", book.Put(Issue()));
        Assert.Null(book.Put(Issue(payload => payload with { Id = "id-2", Issued = Start.AddDays(1) })));
        Assert.Contains("before the one that counts", book.Put(Issue(payload => payload with { Id = "id-3" })), StringComparison.Ordinal);
        Assert.Contains("other machines", book.Put(Issue(payload => payload with { Id = "id-4", Machines = ["00"] })), StringComparison.Ordinal);
        Assert.Null(book.Put(Issue(payload => payload with { Id = "id-5", Issued = Start.AddDays(2), Machines = [LicenseBook.Machine] })));
        string file = Path.Combine(_folder, "named.lic");
        File.WriteAllText(file, "damaged");

        // The one that was put counts on; without it the installation is Basic. Health says why in both cases.
        LicenseBook damaged = Open(file);
        Assert.Equal(LicenseTier.Enterprise, damaged.Tier);
        Assert.Contains("named.lic does not count", damaged.Fault, StringComparison.Ordinal);
        File.Delete(Path.Combine(_folder, "blackwall.lic"));
        LicenseBook alone = Open(file);
        Assert.Equal(LicenseTier.Basic, alone.Tier);
        Assert.Contains("This installation is Basic", alone.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_licence_that_was_put_and_one_that_the_configuration_names_the_one_issued_last_counts()
    {
        string file = Path.Combine(_folder, "named.lic");
        File.WriteAllText(file, Issue(payload => payload with { Id = "named", Tier = "Professional", Issued = Start.AddDays(1) }));
        LicenseBook book = Open(file);
        Assert.Equal(LicenseTier.Professional, book.Tier);
        Assert.Null(book.Put(Issue(payload => payload with { Id = "put", Issued = Start.AddDays(2) })));
        Assert.Equal(LicenseTier.Enterprise, Open(file).Tier);
        File.WriteAllText(file, Issue(payload => payload with { Id = "renewed", Tier = "Professional", Issued = Start.AddDays(3) }));
        Assert.Equal(LicenseTier.Professional, Open(file).Tier);
    }

    [Fact]
    public async Task The_owners_tool_makes_keys_licences_and_lists()
    {
        string file = Path.Combine(_folder, "owner.key");
        StringWriter made = new();
        Assert.Equal(0, await LicenseTool.RunAsync(["keygen", "owner", file], made, _time));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Dictionary<string, PublicKey> keys = new(StringComparer.Ordinal) { ["owner"] = LicenseKeys.Read(made.ToString()) };
        StringWriter issued = new();
        Assert.Equal(0, await LicenseTool.RunAsync(["issue", file, "owner", "id-9", "Customer", "NationalSecurity", "10", "3"], issued, _time));
        LicensePayload? read = SignedFile.Read(issued.ToString(), SignedFile.LicensePrefix, LicenseJson.Default.LicensePayload, payload => payload.KeyId, keys, out _);
        Assert.Equal(("id-9", "NationalSecurity", Start.AddDays(10), 3), (read!.Id, read.Tier, read.Expires, read.GraceDays));
        Assert.Equal(64, await LicenseTool.RunAsync(["issue", file, "owner", "id-9", "Customer", "Ultimate", "10"], new StringWriter(), _time));
    }

    [Fact]
    public void The_evaluation_licence_is_signed_by_a_key_that_is_compiled_in()
    {
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "evaluation-enterprise.lic"));
        LicensePayload? read = SignedFile.Read(text, SignedFile.LicensePrefix, LicenseJson.Default.LicensePayload, payload => payload.KeyId, LicenseKeys.Compiled().All, out string? wrong);
        Assert.Null(wrong);
        Assert.Equal("Enterprise", read!.Tier);
    }
}
