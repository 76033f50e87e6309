"""Fetch tables from one address each: what their publishers keep in plain files."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from boeki.errors import InputError, Unreachable

_BLOCK = 1 << 20
#: Larger than any of these files: what goes on beyond is not one of them.
_MOST = 4 << 30
#: Larger than a year's table.
_TABLE = 1 << 30


@dataclass(frozen=True)
class Direct:
    """Where a publisher keeps tables.

    Attributes
    ----------
    address
        With ``{year}`` where each year has a file of its own.
    years
        First and last.
    file
        Name that a file is kept under.
    member
        Of an archive: the name of a year's table in it; none for plain files.
    sha1
        Of the archive, where its publisher states it.
    home
        Where a person downloads it.
    """

    address: str
    years: tuple[int, int]
    file: str
    member: str = ""
    sha1: str = ""
    home: str = ""


#: Addresses as public code and catalogues state them; none could be asked when this was written.
DIRECT = {
    "figaro": Direct(
        "https://ec.europa.eu/eurostat/documents/51957/19580762/"
        "matrix_eu-ic-io_ind-by-ind_24ed_{year}.csv",
        (2010, 2022), "matrix_eu-ic-io_ind-by-ind_24ed_{year}.csv",
        home="https://ec.europa.eu/eurostat/web/esa-supply-use-input-tables/database",
    ),
    "wiod2016": Direct(
        "https://dataverse.nl/api/access/datafile/199103", (2000, 2014), "WIOTS_in_STATA.zip",
        "WIOT{year}_October16_ROW.dta", "cde6085d4233fec2356877aedf21d950de912b78",
        home="https://doi.org/10.34894/PJ2M1C",
    ),
}  # fmt: skip


def fetch_direct(name: str, folder: Path, years: Sequence[int]) -> list[Path]:
    """Download the tables of some years; files that are there already are not asked for.

    Raises
    ------
    InputError
        For years that there are not.
    Unreachable
        Where the publisher does not answer, or with something else than the file.
    """
    source = DIRECT[name]
    first, last = source.years
    wanted = list(years) or list(range(first, last + 1))
    beyond = [year for year in wanted if not first <= year <= last]
    if beyond:
        raise InputError(f"{name} has the years {first} to {last}, not {beyond[0]}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make the folder {folder}: {error.strerror}") from None
    if source.member:
        missing = [y for y in wanted if not (folder / source.member.format(year=y)).is_file()]
        if missing:
            archive = _kept(name, source, source.address, folder / source.file)
            _unpack(name, archive, [source.member.format(year=y) for y in missing], folder)
        return [folder / source.member.format(year=year) for year in wanted]
    return [
        _kept(name, source, source.address.format(year=year),
              folder / source.file.format(year=year))
        for year in wanted
    ]  # fmt: skip


def _kept(name: str, source: Direct, address: str, path: Path) -> Path:
    """The file, downloaded where it is not there; never half of it under its name."""
    if path.is_file():
        _check_whole(name, source, path)
        return path
    part = path.with_name(path.name + ".part")
    try:
        digest = _download(name, source, address, part)
        if source.sha1 and digest != source.sha1:
            raise Unreachable(
                f"{name}: what came is not the file that its publisher describes (SHA-1 {digest}). "
                f"Download it by hand from {source.home}"
            )
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _check_whole(name: str, source: Direct, path: Path) -> None:
    """A file that was there before is held against its publisher's digest, where there is one."""
    if not source.sha1:
        return
    digest = hashlib.sha1(usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    if digest.hexdigest() != source.sha1:
        raise InputError(
            f"{path} of {name} is not the file that its publisher describes (SHA-1 "
            f"{digest.hexdigest()}): remove it, or download it by hand from {source.home}"
        )


def _download(name: str, source: Direct, address: str, part: Path) -> str:
    from importlib.metadata import version

    import httpx

    digest, size = hashlib.sha1(usedforsecurity=False), 0
    by_hand = f"Ask again later, or download it by hand from {source.home}"
    try:
        with (
            httpx.stream(
                "GET", address, follow_redirects=True, timeout=60,
                headers={"User-Agent": f"boeki/{version('boeki')}"},
            ) as reply,
            part.open("wb") as file,
        ):  # fmt: skip
            if reply.status_code != httpx.codes.OK:
                raise Unreachable(f"{name}: the server answers {reply.status_code}. {by_hand}")
            if "html" in reply.headers.get("content-type", ""):
                # Some publishers show a page to programs and the file to browsers.
                raise Unreachable(f"{name}: the server sends a page instead of the file. {by_hand}")
            for block in reply.iter_bytes(_BLOCK):
                size += len(block)
                if size > _MOST:
                    raise Unreachable(
                        f"{name}: what comes is far larger than the tables. {by_hand}"
                    )
                digest.update(block)
                file.write(block)
    except httpx.HTTPError as error:
        raise Unreachable(f"{name} could not be fetched: {error}. {by_hand}") from None
    except OSError as error:
        raise InputError(f"cannot write {part}: {error.strerror}") from None
    return digest.hexdigest()


def _unpack(name: str, archive: Path, members: Sequence[str], folder: Path) -> None:
    """Some tables of an archive, each whole or not there."""
    try:
        with zipfile.ZipFile(archive) as packed:
            inside = {Path(i.filename).name: i for i in packed.infolist()}
            for member in members:
                if member not in inside:
                    raise InputError(f"{archive} has no {member}")
                if inside[member].file_size > _TABLE:
                    raise InputError(f"{member} in {archive} is far larger than a table")
                part = folder / (member + ".part")
                with packed.open(inside[member]) as source, part.open("wb") as target:
                    while block := source.read(_BLOCK):
                        target.write(block)
                part.replace(folder / member)
    except OSError as error:
        raise InputError(f"cannot unpack {archive} into {folder}: {error.strerror}") from None
    except zipfile.BadZipFile as error:
        raise InputError(f"{archive} of {name} is no whole archive ({error}): remove it") from None
