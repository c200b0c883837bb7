"""Places: their paths and codes, the names people use, and what a name means where it fits several."""

from __future__ import annotations

import pytest

from knowledge.regions import RegionTree, load_regions, short_name


@pytest.fixture(scope="module")
def tree() -> RegionTree:
    return load_regions()


@pytest.mark.parametrize(
    ("path", "adcode", "level"),
    [
        ("乐山市", "511100", "city"),
        ("乐山市/市中区", "511102", "county"),
        ("乐山市/峨边县", "511132", "county"),
        ("乐山市/市本级", "511100", "unit"),
        ("凉山州", "513400", "city"),
        ("凉山州/西昌市", "513401", "county"),
        ("四川省", "510000", "province"),
        ("四川省/成都市", "510100", "city"),
        ("云南省/昆明市/五华区", "530102", "county"),
        ("云南省/大理州", "532900", "city"),
        ("云南省/红河州", "532500", "city"),
        ("重庆市", "500000", "province"),
        ("重庆市/渝北区", "500112", "county"),
        ("北京市", "110000", "province"),
        ("台湾省", "710000", "province"),
    ],
)
def test_a_place_is_known_by_its_path(tree: RegionTree, path: str, adcode: str, level: str) -> None:
    assert (tree.get(path).adcode, tree.get(path).level) == (adcode, level)


@pytest.mark.parametrize("path", ["四川省/乐山市", "四川省/凉山州", "成都市", "云南省/红河哈尼族彝族自治州", "乐山市/渝北区"])
def test_a_place_has_one_path_only(tree: RegionTree, path: str) -> None:
    with pytest.raises(KeyError, match="paths look like"):
        tree.get(path)


@pytest.mark.parametrize(
    ("official", "short"),
    [
        ("凉山彝族自治州", "凉山州"),
        ("峨边彝族自治县", "峨边县"),
        ("红河哈尼族彝族自治州", "红河州"),
        ("西双版纳傣族自治州", "西双版纳州"),
        ("金平苗族瑶族傣族自治县", "金平县"),
        ("市中区", "市中区"),
        ("内蒙古自治区", "内蒙古自治区"),
    ],
)
def test_autonomous_places_are_named_without_their_peoples(official: str, short: str) -> None:
    assert short_name(official) == short


def test_leshan_has_eleven_districts_and_the_city_itself(tree: RegionTree) -> None:
    districts = {region.name for region in tree.children("乐山市")}
    assert districts == {
        *("市中区", "沙湾区", "五通桥区", "金口河区", "犍为县", "井研县"),
        *("夹江县", "沐川县", "峨边县", "马边县", "峨眉山市", "市本级"),
    }


def test_liangshan_has_seventeen_counties(tree: RegionTree) -> None:
    assert len(tree.children("凉山州")) == 17


def test_every_chain_ends_at_a_province(tree: RegionTree) -> None:
    for path in tree.regions:
        chain = tree.chain(path)
        assert chain[0] == path
        assert tree.get(chain[-1]).level == "province"


def test_places_without_their_province_in_the_path_still_lie_in_it(tree: RegionTree) -> None:
    assert tree.chain("乐山市/峨边县") == ["乐山市/峨边县", "乐山市", "四川省"]
    assert tree.within("凉山州/西昌市", "四川省")
    assert not tree.within("凉山州/西昌市", "乐山市")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("峨眉", "乐山市/峨眉山市"),
        ("峨眉山", "乐山市/峨眉山市"),
        ("嘉州", "乐山市"),
        ("市中区", "乐山市/市中区"),
        ("金口河", "乐山市/金口河区"),
        ("马边", "乐山市/马边县"),
        ("马边彝族自治县", "乐山市/马边县"),
        ("五通", "乐山市/五通桥区"),
        ("市本级", "乐山市/市本级"),
        ("西昌", "凉山州/西昌市"),
        ("凉山", "凉山州"),
        ("凉山彝族自治州", "凉山州"),
        ("会理县", "凉山州/会理市"),
        ("成都", "四川省/成都市"),
        ("四川", "四川省"),
        ("版纳", "云南省/西双版纳州"),
        ("大理", "云南省/大理州"),
        ("大理市", "云南省/大理州/大理市"),
        ("春城", "云南省/昆明市"),
        ("重庆", "重庆市"),
        ("广东", "广东省"),
        ("长沙", "湖南省/长沙市"),
        ("长沙县", "湖南省/长沙市/长沙县"),
    ],
)
def test_a_name_people_use_means_a_place(tree: RegionTree, name: str, path: str) -> None:
    assert tree.resolve(name) == path


@pytest.mark.parametrize("name", ["医保", "报销", "备案", "材料", "城区", "古城", "月球"])
def test_a_common_word_means_no_place(tree: RegionTree, name: str) -> None:
    assert tree.resolve(name) is None


@pytest.mark.parametrize(
    ("name", "near", "path"),
    [
        ("市中区", "乐山市/峨眉山市", "乐山市/市中区"),
        ("市中区", "四川省/内江市", "四川省/内江市/市中区"),
        ("市中区", "四川省/内江市/东兴区", "四川省/内江市/市中区"),
        ("市中区", "山东省/济南市", "山东省/济南市/市中区"),
        ("市中区", "北京市", "乐山市/市中区"),
        ("鼓楼区", "福建省/福州市/台江区", "福建省/福州市/鼓楼区"),
        ("鼓楼区", "江苏省/徐州市", "江苏省/徐州市/鼓楼区"),
        ("朝阳区", "北京市/海淀区", "北京市/朝阳区"),
        ("朝阳区", "吉林省", "吉林省/长春市/朝阳区"),
        ("江北区", "浙江省/宁波市", "浙江省/宁波市/江北区"),
    ],
)
def test_a_name_that_fits_several_means_the_one_nearby(tree: RegionTree, name: str, near: str, path: str) -> None:
    assert tree.resolve(name, near) == path


@pytest.mark.parametrize(
    ("name", "path"), [("江北区", "重庆市/江北区"), ("安宁", "云南省/昆明市/安宁市"), ("沙湾", "乐山市/沙湾区")]
)
def test_where_nothing_is_near_a_preferred_place_is_meant(tree: RegionTree, name: str, path: str) -> None:
    assert tree.resolve(name) == path


@pytest.mark.parametrize("name", ["鼓楼区", "朝阳区", "西湖区", "和平区"])
def test_a_name_that_nothing_settles_means_none(tree: RegionTree, name: str) -> None:
    assert len(tree.names[name]) > 1
    assert tree.resolve(name) is None


@pytest.mark.parametrize("near", ["凉山州/西昌市", "四川省/成都市", "云南省/昆明市"])
def test_the_city_itself_said_elsewhere_is_not_that_of_leshan(tree: RegionTree, near: str) -> None:
    assert tree.resolve("市本级", near) != "乐山市/市本级"


@pytest.mark.parametrize(
    ("word", "near", "path"),
    [
        ("我们县", "乐山市/峨边县", "乐山市/峨边县"),
        ("县里", "凉山州/会理市", "凉山州/会理市"),
        ("州上", "凉山州/西昌市", "凉山州"),
        ("州上", "云南省/大理州/大理市", "云南省/大理州"),
        ("市上", "乐山市/市本级", "乐山市"),
        ("市里", "四川省/成都市", "四川省/成都市"),
        ("省上", "乐山市/峨边县", "四川省"),
        ("全省", "云南省/昆明市/五华区", "云南省"),
        ("我们县", "乐山市", None),
        ("州上", "四川省", None),
    ],
)
def test_a_word_for_a_level_means_the_place_in_force_at_that_level(
    tree: RegionTree, word: str, near: str, path: str | None
) -> None:
    assert tree.ancestor_at(near, tree.level_words[word]) == path
