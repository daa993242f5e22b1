using System.Security.Cryptography;
using System.Text;
using Blackwall.Api.Contracts;
using Blackwall.Api.Licenses;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Licensing;

/// <summary>
/// Judges the licence, without a network. What does not count leaves what counted before; what has expired falls to Basic after its grace. Nothing that
/// decides or blocks ever asks here.
/// </summary>
internal sealed class LicenseBook(LicenseKeys keys, LicenseClock clock, IOptions<LicenseOptions> options, IOptions<StorageOptions> storage) : ILicense, IHealthSource, IHostedService
{
    private LicensePayload? _license;
    private RevocationPayload? _revocations;
    private string? _fault;

    public string Name => "license";

    public bool Ready => true;

    public string? Fault => Volatile.Read(ref _fault) ?? clock.Fault ?? (State switch
    {
        LicenseState.Grace => $"The licence has expired; its features end at {GraceEnds:u}.",
        LicenseState.Expired => "The licence has expired: this installation is Basic. It goes on to protect.",
        LicenseState.Revoked => "The licence was revoked: this installation is Basic. It goes on to protect.",
        LicenseState.OtherMachine => "The licence is for another machine: this installation is Basic. It goes on to protect.",
        _ => null,
    });

    /// <summary>What a licence for this machine alone names.</summary>
    public static string Machine { get; } = MachineOf("/etc/machine-id");

    public LicenseTier Tier => State is LicenseState.Valid or LicenseState.Grace ? Enum.Parse<LicenseTier>(_license!.Tier) : LicenseTier.Basic;

    public DateTimeOffset? GraceEnds => State is LicenseState.Grace ? _license!.Expires.AddDays(_license.GraceDays) : null;

    public LicenseState State => Volatile.Read(ref _license) is { } license ? Judge(license) : LicenseState.None;

    private string StateFile => Path.Combine(storage.Value.StateFolder, "blackwall.lic");

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Revocations is { Length: > 0 } list && ReadFile(list) is { } text)
        {
            _revocations = SignedFile.Read(text, SignedFile.RevocationPrefix, LicenseJson.Default.RevocationPayload, payload => payload.KeyId, keys.All, out string? wrong);
            _fault = wrong is null ? _fault : $"{list}: {wrong}";
        }

        // Of the one that was put over the API and the one that the configuration names, the one that was issued last counts.
        LicensePayload? put = null;
        put = File.Exists(StateFile) ? Read(StateFile) : null;
        LicensePayload? named = options.Value.File is { Length: > 0 } file ? Read(file) : null;
        _license = put is null || named?.Issued > put.Issued ? named : put;
        return Task.CompletedTask;

        LicensePayload? Read(string from)
        {
            if (ReadFile(from) is not { } license)
            {
                return null;
            }

            if (TryRead(license, out LicensePayload? read, out string? wrong))
            {
                return read;
            }

            _fault = $"The licence {from} does not count: {wrong} {(put is null ? "This installation is Basic; it goes on to protect." : "")}".TrimEnd();
            return null;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes a licence in the place of the one before, also over a restart. Null: done; else why it does not count, and the one before stays.</summary>
    /// <exception cref="IOException">It cannot be stored.</exception>
    public string? Put(string text)
    {
        if (!TryRead(text, out LicensePayload? read, out string? wrong))
        {
            return wrong;
        }

        switch (Judge(read!))
        {
            case LicenseState.Expired:
                return "It has expired.";
            case LicenseState.Future:
                return "It does not count yet.";
            case LicenseState.Revoked:
                return "It was revoked.";
            case LicenseState.OtherMachine:
                return $"It is for other machines; this one is {Machine}.";
        }

        // An older licence put again would take back what a newer one says.
        if (Volatile.Read(ref _license) is { } before && State is LicenseState.Valid or LicenseState.Grace && read!.Issued < before.Issued)
        {
            return "It was issued before the one that counts.";
        }

        WholeFile.Write(StateFile, text.Trim() + "\n");
        Volatile.Write(ref _license, read);
        Volatile.Write(ref _fault, null);
        return null;
    }

    public LicenseBody Describe()
    {
        LicensePayload? license = Volatile.Read(ref _license);
        LicenseTier tier = Tier;
        LicenseLimits limits = LicenseMatrix.LimitsOf(tier);
        return new LicenseBody(
            $"{tier}", Words.Kebab($"{State}"), license?.Id, license?.Customer, license?.Tier, license?.NotBefore, license?.Expires, GraceEnds,
            limits.PageSize, limits.RequestsPerMinute, limits.LineSinks, limits.CollectorSinks,
            [.. Enum.GetValues<LicensedFeature>().Where(feature => LicenseMatrix.Has(tier, feature)).Select(feature => Words.Kebab($"{feature}"))], Machine);
    }

    internal static string MachineOf(string file)
    {
        string id = File.Exists(file) ? File.ReadAllText(file).Trim() : "";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"blackwall-machine-v1\n{id}")));
    }

    private LicenseState Judge(LicensePayload license)
    {
        DateTimeOffset now = clock.Now();
        return _revocations?.Revoked.Contains(license.Id, StringComparer.Ordinal) == true ? LicenseState.Revoked
            : license.Machines is { Count: > 0 } machines && !machines.Contains(Machine, StringComparer.Ordinal) ? LicenseState.OtherMachine
            : now < license.NotBefore ? LicenseState.Future
            : now < license.Expires ? LicenseState.Valid
            : now < license.Expires.AddDays(license.GraceDays) ? LicenseState.Grace
            : LicenseState.Expired;
    }

    private bool TryRead(string text, out LicensePayload? license, out string? wrong)
    {
        license = SignedFile.Read(text, SignedFile.LicensePrefix, LicenseJson.Default.LicensePayload, payload => payload.KeyId, keys.All, out wrong);
        if (license is null)
        {
            return false;
        }

        if (!Enum.GetNames<LicenseTier>().Contains(license.Tier, StringComparer.Ordinal) || license.GraceDays is < 0 or > 90 || license.Expires <= license.NotBefore || license.Id.Length == 0)
        {
            wrong = "It says something that this version does not understand.";
            license = null;
        }

        return license is not null;
    }

    private string? ReadFile(string path)
    {
        try
        {
            if (new FileInfo(path).Length > SignedFile.MaxBytes)
            {
                _fault = $"{path} is too large for a licence.";
                return null;
            }

            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _fault = $"The licence cannot be read: {failure.Message} This installation is Basic; it goes on to protect.";
            return null;
        }
    }
}
