using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Licensing;

/// <summary>
/// The time that licences are judged by: it never goes back, also not over restarts. The highest time that was seen is kept with a MAC by a secret of
/// this installation; a file that does not fit its MAC is a fault that health tells, and no time.
/// </summary>
internal sealed class LicenseClock(IOptions<StorageOptions> storage, TimeProvider time)
{
    private static readonly TimeSpan StoreEvery = TimeSpan.FromMinutes(10);

    /// <summary>A clock that is off by less was not set back on purpose.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromHours(24);
    private readonly Lock _lock = new();
    private DateTimeOffset _highest = DateTimeOffset.UnixEpoch;
    private DateTimeOffset _stored = DateTimeOffset.UnixEpoch;
    private bool _isOpen;
    private string? _fault;

    private string File => Path.Combine(storage.Value.StateFolder, "license.time");

    private string SecretFile => Path.Combine(storage.Value.StateFolder, "license.secret");

    /// <summary>Null: the clock can be believed.</summary>
    public string? Fault
    {
        get
        {
            lock (_lock)
            {
                return time.GetUtcNow() < _highest - Tolerance ? string.Create(CultureInfo.InvariantCulture, $"The clock was set back: it was {_highest:yyyy-MM-dd'T'HH:mm:ss'Z'} already. The licence is judged by that time.") : _fault;
            }
        }
    }

    /// <summary>Now, and never earlier than before.</summary>
    public DateTimeOffset Now()
    {
        lock (_lock)
        {
            if (!_isOpen)
            {
                _isOpen = true;
                Read();
            }

            DateTimeOffset now = time.GetUtcNow();
            _highest = now > _highest ? now : _highest;
            if (_highest - _stored >= StoreEvery)
            {
                Write();
            }

            return now > _highest - Tolerance ? now : _highest;
        }
    }

    private void Read()
    {
        try
        {
            string[] parts = System.IO.File.ReadAllText(File).Trim().Split(' ');
            if (parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
                && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(parts[1]), Encoding.ASCII.GetBytes(MacOf(parts[0]))))
            {
                _highest = _stored = DateTimeOffset.FromUnixTimeSeconds(seconds);
                return;
            }

            _fault = $"{File} was changed by another program; the highest time that was seen is not known.";
        }
        catch (FileNotFoundException)
        {
            // The first start.
            return;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            _fault = $"{File} cannot be read: {failure.Message}";
        }
    }

    private void Write()
    {
        try
        {
            string seconds = _highest.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            WholeFile.Write(File, $"{seconds} {MacOf(seconds)}\n");
            _stored = _highest;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _stored = _highest;
            _fault = $"{File} cannot be written: {failure.Message}";
        }
    }

    private string MacOf(string seconds)
    {
        if (!System.IO.File.Exists(SecretFile))
        {
            WholeFile.Write(SecretFile, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        }

        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.ASCII.GetBytes(System.IO.File.ReadAllText(SecretFile).Trim()), Encoding.ASCII.GetBytes($"blackwall-license-time-v1\n{seconds}")));
    }
}
